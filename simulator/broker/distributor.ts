import { Aedes, type AedesOptions, type Client, type PublishPacket } from "aedes";

type Done = (error?: Error) => void;
/** As aedes calls it itself; its types have only what a program calls. */
type Publish = (packet: PublishPacket, client: Client | null | Done, done?: Done) => void;

/**
 * Aedes, which looks for the receivers of a client's message only once any client has subscribed. Where all only
 * publish, as meters do, looking is most of what a message costs the broker.
 */
export class Distributor extends Aedes {
  #hasSubscribers = false;
  readonly #distribute = super.publish.bind(this) as Publish;

  constructor(options: AedesOptions) {
    super(options);
    this.authorizeSubscribe = (_client, subscription, done) => {
      this.#hasSubscribers = true;
      done(null, subscription);
    };
  }

  override publish(packet: PublishPacket, client: Client | null | Done, done?: Done): void {
    // without a client it is a message of the broker to itself; what is retained is for subscribers to come
    const isForNobody = !this.#hasSubscribers && client !== null && typeof client === "object" && !packet.retain;
    if (isForNobody && done) return done();
    this.#distribute(packet, client, done);
  }
}
