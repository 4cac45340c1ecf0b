/** A declaration that cannot be drawn, found when the simulator starts: dashboard, sheet, visual and property are named. */
export class DashboardError extends Error {
  constructor(place: string, message: string) {
    super(`${place}: ${message}`);
    this.name = "DeclarationError"; // a fault of what is declared, as any other
  }
}
