import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from "oidc-provider";
import type pg from "pg";

const purgeEveryMs = 60_000;

/**
 * What oidc-provider keeps, in PostgreSQL as role `ambit_gateway`: clients are read from `agent` and `agent_key` at every request,
 * so that a suspended agent or a revoked key gets no further token; used assertions are kept in `oauth_artifact` until they
 * have expired. Nothing else is ever stored: tokens are JWTs and there are no sessions.
 */
export function createStore(pool: pg.Pool): AdapterFactory {
  let purgedAtMs = 0;

  async function keepOnce(id: string, payload: AdapterPayload, expiresIn = 0): Promise<void> {
    if (Date.now() - purgedAtMs > purgeEveryMs) {
      purgedAtMs = Date.now();
      // a minute more than the clocks of database and gateway may differ
      await pool.query("delete from oauth_artifact where expires_at < now() - interval '1 minute'");
    }
    const { rowCount } = await pool.query(
      `insert into oauth_artifact (id, kind, payload, expires_at)
       values ($1, 'ReplayDetection', $2, now() + make_interval(secs => $3)) on conflict (id) do nothing`,
      [`ReplayDetection:${id}`, payload, expiresIn],
    );
    if (rowCount === 0) throw new errors.InvalidClientAuth("client assertion tokens must only be used once");
  }

  return (kind) => {
    if (kind === "Client") return { ...nothing, find: (id) => findClient(pool, id) };
    // the insert alone decides: a look before it would let two simultaneous uses of one assertion pass
    if (kind === "ReplayDetection") return { ...nothing, upsert: keepOnce };
    return nothing;
  };
}

async function findClient(pool: pg.Pool, id: string): Promise<AdapterPayload | undefined> {
  if (!/^[\w-]{1,64}$/.test(id)) return undefined;
  const { rows } = await pool.query<{
    thumbprint: string;
    jwk: Record<"kty" | "crv" | "x" | "y", string>;
    alg: string;
  }>(
    `select k.thumbprint, k.public_jwk as jwk, k.algorithm as alg from agent a join agent_key k on k.agent_id = a.id
     where a.id = $1 and a.status = 'active' and k.revoked_at is null order by k.id`,
    [id],
  );
  if (rows.length === 0) return undefined;
  const keys = rows.map(({ thumbprint, jwk: { kty, crv, x, y }, alg }) => ({
    ...{ kty, crv, x, kid: thumbprint, alg, use: "sig" },
    ...(kty === "EC" && { y }),
  }));
  return { client_id: id, jwks: { keys } };
}

const refuse = () => Promise.reject(new Error("Not kept by this authorization server"));
const nothing: Adapter = {
  find: () => Promise.resolve(undefined),
  findByUid: () => Promise.resolve(undefined),
  findByUserCode: () => Promise.resolve(undefined),
  upsert: refuse,
  consume: refuse,
  destroy: refuse,
  revokeByGrantId: refuse,
};
