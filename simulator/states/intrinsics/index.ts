import type { Json } from "../json.ts";
import { required, type Data } from "../paths.ts";
import { reserved, StateError } from "../state-error.ts";
import { compileFormat } from "./format.ts";
import { intrinsics } from "./functions.ts";
import { parseCall, type Argument, type IntrinsicCall } from "./syntax.ts";

/** A call of intrinsic functions, checked and ready: the field's name is for the message of a path that finds nothing. */
export type Intrinsic = (data: Data, field: string) => Json;

/**
 * Compiles a call of an intrinsic function.
 *
 * @throws Error for a text that is none, a function that there is not, or one with too few or too many arguments
 */
export function compileIntrinsic(text: string): Intrinsic {
  return compiled(parseCall(text));
}

function compiled(call: IntrinsicCall): Intrinsic {
  const { name } = call;
  if (name === "States.Format") return formatted(call);
  const intrinsic = intrinsics.get(name);
  if (!intrinsic) {
    const known = ["States.Format", ...intrinsics.keys()].toSorted().join(", ");
    throw new Error(`${name} is no intrinsic function: there are ${known}`);
  }
  const [least, most] = intrinsic.arity;
  const count = call.arguments.length;
  if (count < least || count > most) {
    throw new Error(`${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${count}`);
  }
  const values = call.arguments.map((argument) => compiledArgument(argument));
  return (data, field) => {
    const given = values.map((value) => value(data, field));
    return orFailure(call, () => intrinsic.apply(given));
  };
}

/** Format's template keeps its backslashes, since an escaped brace is no place for a value. */
function formatted(call: IntrinsicCall): Intrinsic {
  const [template, ...rest] = call.arguments;
  if (!template) throw new Error("States.Format takes a template and the values for its {}");
  const values = rest.map((argument) => compiledArgument(argument));
  if (template.kind === "value") {
    if (typeof template.value !== "string") throw new Error("States.Format's first argument is a string");
    const format = compileFormat(template.value);
    if (format.places !== rest.length) {
      throw new Error(`${call.text} has ${format.places} places {} for ${rest.length} values`);
    }
    return (data, field) => {
      const given = values.map((value) => value(data, field));
      return orFailure(call, () => format.apply(given));
    };
  }
  const text = compiledArgument(template);
  return (data, field) => {
    const found = text(data, field);
    const given = values.map((value) => value(data, field));
    return orFailure(call, () => {
      if (typeof found !== "string") throw new Error(`the template is ${JSON.stringify(found)}, no string`);
      const format = compileFormat(found);
      if (format.places !== given.length) throw new Error(`${format.places} places {} for ${given.length} values`);
      return format.apply(given);
    });
  };
}

function compiledArgument(argument: Argument): Intrinsic {
  switch (argument.kind) {
    case "value": {
      const { value } = argument;
      const plain = typeof value === "string" ? value.replace(/\\(.)/gs, "$1") : value;
      return () => plain;
    }
    case "path":
      return (data, field) => required(argument.path, data, field);
    case "call":
      return compiled(argument.call);
  }
}

function orFailure(call: IntrinsicCall, apply: () => Json): Json {
  try {
    return apply();
  } catch (error) {
    const message = `The function '${call.text}' had the following error: ${(error as Error).message}`;
    throw new StateError(reserved.intrinsicFailure, message);
  }
}
