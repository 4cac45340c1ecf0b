/** What is used of WebAssembly, which Node has and its types leave out (https://webassembly.github.io/spec/js-api/). */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    /** By pages of 64 KiB; what lay on the buffer before is on another one then. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: Record<string, unknown>;
  }
}
