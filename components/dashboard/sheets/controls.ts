import { useByDay } from "../data-sets/columns.ts";
import { choice, type ControlPlan, latestDays } from "../definition/controls.ts";

export const city: ControlPlan = choice("City", "City", useByDay, "city");
export const meterType: ControlPlan = choice("MeterType", "Meter type", useByDay, "meter_type");
/** Those of the chosen cities. */
export const building: ControlPlan = choice("Building", "Building", useByDay, "building", { City: "city" });

/** The controls of most sheets, always in one order. */
export const usual: readonly ControlPlan[] = [city, meterType, building, latestDays];
