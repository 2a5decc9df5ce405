import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";

export type Shim = {
  port: number;
  /** Requests for this path get the token from now on. */
  authorize(path: string, token: string): void;
  close(): Promise<void>;
};

/**
 * The gateway's public entrance on loopback, as a reverse proxy: it adds the bearer token, because the conformance suite cannot, and
 * passes on everything else as it came, Host and Origin included, so that the gateway itself judges them. Bodies and streams
 * flow through piece by piece, and whichever side goes away takes the other with it.
 */
export async function startShim(gatewayPort: number): Promise<Shim> {
  const tokens = new Map<string, string>();
  const server = createServer((incoming, outgoing) => {
    const token = tokens.get(incoming.url ?? "");
    const added = token === undefined ? [] : ["authorization", `Bearer ${token}`];
    const onward = send({
      host: "127.0.0.1",
      port: gatewayPort,
      method: incoming.method,
      path: incoming.url,
      headers: [...incoming.rawHeaders, ...added],
      agent: false,
    });
    onward.once("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      outgoing.flushHeaders();
      answer.once("error", () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    outgoing.once("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    authorize: (path, token) => void tokens.set(path, token),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
