import { createServer, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { advanceDue } from "#lib/jobs/due.ts";
import { mailNotifications } from "#lib/jobs/mail.ts";
import { purge } from "#lib/jobs/purge.ts";
import { openWorkerWorld } from "#tests/jobs/world.ts";

const world = await openWorkerWorld();
const eventsOf = (id: string) =>
  world.rows("select type, principal_id from audit_event where $1 = any(subjects) order by seq", [id]);

describe("time", () => {
  it("ends changes that nobody confirmed, once, and leaves the others", async () => {
    await world.quietly(
      `insert into change (id, operation, subject_id, input, digest, summary, reason, proposed_by, beneficiaries, expires_at) values
        ('chg_late', 'egress.add', 'h:1', '{}', 'd', 's', 'r', 'usr_1', '{}', now() - interval '1 second'),
        ('chg_open', 'egress.add', 'h:2', '{}', 'd', 's', 'r', 'usr_1', '{}', now() + interval '1 day')`,
    );
    await advanceDue();
    await advanceDue();
    expect(await world.rows("select change_id, verdict, decided_by from change_decision")).toEqual([
      { change_id: "chg_late", verdict: "expire", decided_by: "system" },
    ]);
    expect(await eventsOf("chg_late")).toEqual([{ type: "change.expired", principal_id: "system" }]);
  });

  it("suspends a connector whose approval has run out, and no other", async () => {
    const connector = (id: string, expires: string) => `
      insert into connector (id, slug, name, purpose, environment, classification, tier, status, transport, approved_version_id, created_by)
        values ('con_${id}', '${id}', '${id}', 'p', 'test', 'internal', 'low', 'enabled', 'streamable-http', 'ver_${id}', 'usr_1');
      insert into approval (id, request_id, connector_id, version_id, digest, tier, tools, hold_tools, agent_ids, expires_at)
        values ('apr_${id}', 'req_${id}', 'con_${id}', 'ver_${id}', 'd', 'low', '{}', '{}', '{}', now() + interval '${expires}')`;
    await world.quietly(connector("lapsed", "-1 second"));
    await world.quietly(connector("valid", "1 hour"));
    await advanceDue();
    await advanceDue();
    expect(await world.rows("select slug, status from connector order by slug")).toEqual([
      { slug: "lapsed", status: "suspended" },
      { slug: "valid", status: "enabled" },
    ]);
    expect(await eventsOf("con_lapsed")).toEqual([{ type: "connector.suspended", principal_id: "system" }]);
  });

  it("removes kept answers after a day and inspections after a month that nothing rests on", async () => {
    await world.quietly(
      `insert into idempotency_key (principal_id, key, operation, input_digest, output, created_at) values
        ('usr_1', 'old', 'x', 'd', '{}', now() - interval '25 hours'), ('usr_1', 'new', 'x', 'd', '{}', now() - interval '23 hours');
       insert into probe (id, requested_by, kind, target, state, created_at) values
        ('prb_old', 'usr_1', 'http', '{}', 'done', now() - interval '31 days'), ('prb_new', 'usr_1', 'http', '{}', 'done', now()),
        ('prb_used', 'usr_1', 'http', '{}', 'done', now() - interval '31 days');
       insert into request (id, kind, title, requester_id, form) values ('req_1', 'connector', 't', 'usr_1', '{"probeId":"prb_used"}')`,
    );
    await purge(world.pool);
    expect(await world.rows("select key from idempotency_key")).toEqual([{ key: "new" }]);
    expect(await world.rows("select id from probe order by id")).toEqual([{ id: "prb_new" }, { id: "prb_used" }]);
  });
});

describe("mail", () => {
  const mails: string[] = [];
  let isBroken = true;
  const server = createServer((socket: Socket) => {
    let data: string | null = null;
    let buffer = "";
    socket.write("220 test\r\n");
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      buffer += chunk.toString();
      for (let at = buffer.indexOf("\r\n"); at >= 0; at = buffer.indexOf("\r\n")) {
        const line = buffer.slice(0, at);
        buffer = buffer.slice(at + 2);
        if (data !== null) {
          if (line === ".") {
            mails.push(data);
            data = null;
            socket.write("250 kept\r\n");
          } else data += `${line}\n`;
        } else if (/^DATA/i.test(line)) {
          data = "";
          socket.write("354 go\r\n");
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else socket.write(isBroken && /^RCPT/i.test(line) ? "451 later\r\n" : "250 ok\r\n");
      }
    });
  });
  afterAll(() => server.close());

  it("is sent once with a link that carries no authority, and tried again when it was refused", async () => {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const settings = {
      smtpUrl: `smtp://127.0.0.1:${port}`,
      from: "Ambit <ambit@example.test>",
      ambitUrl: "http://ambit.test",
    };
    const { id } = await world.person();
    await world.quietly(
      `insert into notification (id, user_id, kind, subject_id, params) values ('ntf_1', '${id}', 'your_turn', 'req_7', '{"title":"Files\\r\\nBcc: x@example.test"}')`,
    );
    await mailNotifications(world.pool, settings);
    expect(mails).toEqual([]);
    expect(await world.rows("select id from notification where mailed_at is null")).toHaveLength(1);
    isBroken = false;
    await mailNotifications(world.pool, settings);
    await mailNotifications(world.pool, settings);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain("http://ambit.test/requests/req_7\n");
    expect(mails[0]).toContain(`<${id}@example.test>`);
    expect(mails[0]).not.toMatch(/^Bcc:/m);
    expect(await world.rows("select id from notification where mailed_at is null")).toEqual([]);
  });
});
