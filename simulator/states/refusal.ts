/** A request that Step Functions' API refuses: the name of its exception, and a message. */
export class StatesRefusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = "StatesRefusal";
    this.type = type;
  }
}
