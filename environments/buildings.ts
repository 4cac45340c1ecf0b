/** Buildings of the ASHRAE Great Energy Predictor III data per site, 0 to 15: their ids follow one another. */
const buildingsPerSite = [105, 51, 135, 274, 91, 89, 44, 15, 70, 124, 30, 5, 36, 154, 102, 124];

/** The buildings of a city whose file names none: those of the ASHRAE site, else 20 from an id of the site's own. */
export function defaultBuildings(siteId: number): { firstId: number; count: number } {
  const count = buildingsPerSite[siteId];
  if (count === undefined) return { firstId: siteId * 1000, count: 20 };
  return { firstId: buildingsPerSite.slice(0, siteId).reduce((sum, buildings) => sum + buildings, 0), count };
}
