/** One thing that is wrong, or doubtful, in an environment file. */
export interface Problem {
  /** The file as the caller named it. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units, as editors count. */
  column: number;
  /** Where in the document: `cities[1].timeZone`; empty for the whole of it. */
  path: string;
  /** What is wrong, what is allowed, and the nearest valid name for a typo. */
  message: string;
  severity: "error" | "warning";
}

/** `file:line:column: path: message`, as compilers write it, so that editors and terminals find the place. */
export function formatProblem({ file, line, column, path, message, severity }: Problem): string {
  const mark = severity === "warning" ? "warning: " : "";
  return `${file}:${line}:${column}: ${mark}${path === "" ? "" : `${path}: `}${message}`;
}

/** An environment file that cannot be used. The message lists every problem, one per line. */
export class EnvironmentError extends Error {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems.map(formatProblem).join("\n"));
    this.name = "EnvironmentError";
    this.problems = problems;
  }
}
