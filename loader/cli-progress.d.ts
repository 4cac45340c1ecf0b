/** The part of cli-progress 3.12 that is used here; the package brings no types. */
declare module "cli-progress" {
  interface Options {
    stream: NodeJS.WriteStream;
    format: string;
    barsize: number;
    hideCursor: boolean;
    clearOnComplete: boolean;
    formatValue(value: number, options: Options, type: "total" | "value" | "percentage"): string;
  }

  class SingleBar {
    constructor(options: Options);
    start(total: number, value: number, payload: Record<string, string>): void;
    update(value: number, payload: Record<string, string>): void;
    setTotal(total: number): void;
    stop(): void;
  }

  const cliProgress: { SingleBar: typeof SingleBar };
  export default cliProgress;
}
