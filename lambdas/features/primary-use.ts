/** Codes of the primary uses. Never refitted: a new use is added at the end, and the model's card keeps the table. */
export const primaryUseCodes: Readonly<Record<string, number>> = {
  "Education": 0,
  "Entertainment/public assembly": 1,
  "Food sales and service": 2,
  "Healthcare": 3,
  "Lodging/residential": 4,
  "Manufacturing/industrial": 5,
  "Office": 6,
  "Other": 7,
  "Parking": 8,
  "Public services": 9,
  "Religious worship": 10,
  "Retail": 11,
  "Services": 12,
  "Technology/science": 13,
  "Utility": 14,
  "Warehouse/storage": 15,
};
