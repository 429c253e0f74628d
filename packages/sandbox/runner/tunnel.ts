import { connect, createServer } from "node:net";
import { Duplex } from "node:stream";
import { join, openingSide, takingSide } from "../src/tunnel.ts";

/**
 * Joins a container without a network to the machine that runs it, over its standard input and output:
 *
 *   node tunnel.mjs in 8722                what the machine opens reaches the runner's port
 *   node tunnel.mjs out /run/egress.sock   what is opened on the socket reaches the machine's proxy
 */

const [way, where = ""] = process.argv.slice(2);
const carrier = Duplex.from({ readable: process.stdin, writable: process.stdout });
carrier.on("close", () => process.exit(0));

if (way === "in") takingSide(carrier, (connection) => join(connection, connect(Number(where), "127.0.0.1")));
else {
  const open = openingSide(carrier);
  createServer({ allowHalfOpen: true }, (client) => join(client, open())).listen(where);
}
