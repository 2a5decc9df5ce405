// Preloaded (`node --import`) into demo servers that would listen on every interface: they listen on loopback.
import { Server } from "node:net";

const { listen } = Server.prototype;

Server.prototype.listen = function listenOnLoopback(port, ...rest) {
  return listen.call(this, Number(port), "127.0.0.1", ...rest.filter((value) => typeof value === "function"));
};
