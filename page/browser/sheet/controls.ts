import type { ParameterControl } from "../../../components/dashboard/definition/schema.ts";
import type { ParameterValue } from "../../api.ts";
import { element } from "../dom.ts";
import { askValues } from "../server.ts";
import { isDay } from "../view.ts";
import { MultiChoice } from "./multi-choice.ts";

/** What a control asks its sheet. */
export interface Chooser {
  dashboard: string;
  /** Chosen, or declared. */
  valueOf: (parameter: string) => ParameterValue | undefined;
  declared: (parameter: string) => ParameterValue | undefined;
  chosen: () => Record<string, ParameterValue>;
  choose: (parameter: string, value: ParameterValue) => void;
}

export interface Control {
  element: HTMLElement;
  /** Shows the values as they are now. */
  update(): void;
  dispose(): void;
}

export function controlOf(declared: ParameterControl, chooser: Chooser): Control {
  if ("DateTimePicker" in declared) {
    const { SourceParameterName, Title } = declared.DateTimePicker;
    return dayControl(Title, SourceParameterName, chooser);
  }
  const {
    SourceParameterName: parameter,
    Title: title,
    Type,
    SelectableValues,
    ParameterControlId,
  } = declared.Dropdown;
  if (Type === "SINGLE_SELECT") {
    return singleControl(title, parameter, "Values" in SelectableValues ? SelectableValues.Values : [], chooser);
  }
  return new MultiChoice({
    title,
    ask: () => {
      const others = Object.fromEntries(Object.entries(chooser.chosen()).filter(([name]) => name !== parameter));
      return askValues({ dashboard: chooser.dashboard, control: ParameterControlId, parameters: others });
    },
    chosen: () => {
      const value = chooser.valueOf(parameter);
      return Array.isArray(value) ? value : [];
    },
    choose: (values) => chooser.choose(parameter, values),
  });
}

function labelled(title: string, control: HTMLElement): HTMLElement {
  return element("label", { class: "choice" }, element("span", { class: "control-title" }, title), control);
}

function singleControl(title: string, parameter: string, values: readonly string[], chooser: Chooser): Control {
  const isNumber = typeof chooser.declared(parameter) === "number";
  const typed = (text: string): ParameterValue => (isNumber ? Number(text) : [text]);
  const select: HTMLSelectElement = element("select", {
    on: { change: () => chooser.choose(parameter, typed(select.value)) },
  });
  const update = (): void => {
    const value = String(chooser.valueOf(parameter) ?? "");
    const offered = values.includes(value) ? values : [...values, value]; // one that came by the address
    select.replaceChildren(...offered.map((one) => element("option", { value: one }, one)));
    select.value = value;
  };
  update();
  return { element: labelled(title, select), update, dispose: () => undefined };
}

/** A day; none is the declared one, which leaves the time open. */
function dayControl(title: string, parameter: string, chooser: Chooser): Control {
  const input = element("input", {
    type: "date",
    on: {
      change: () => {
        const value = isDay(input.value) ? input.value : chooser.declared(parameter);
        if (value !== undefined) chooser.choose(parameter, value);
      },
    },
  });
  const update = (): void => {
    const value = chooser.valueOf(parameter);
    input.value = value === chooser.declared(parameter) ? "" : String(value);
  };
  update();
  return { element: labelled(title, input), update, dispose: () => undefined };
}
