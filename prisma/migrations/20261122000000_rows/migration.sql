-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "instance" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "mode" TEXT NOT NULL,
    "log_origin" TEXT NOT NULL,
    "setup_closed_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setup_code" (
    "id" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),
    "used_by" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "setup_code_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "change_id" TEXT,
    "row_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "row_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_member" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "member_kind" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "change_id" TEXT,
    "added_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(6),

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role_assignment" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "change_id" TEXT,
    "granted_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "role_assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delegate" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "delegate_id" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(6) NOT NULL,
    "ends_at" TIMESTAMPTZ(6) NOT NULL,
    "change_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cancelled_at" TIMESTAMPTZ(6),

    CONSTRAINT "delegate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_token" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "labels" TEXT[],
    "status" TEXT NOT NULL DEFAULT 'active',
    "reason" TEXT,
    "change_id" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "row_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_key" (
    "id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "thumbprint" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "algorithm" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "change_id" TEXT,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "agent_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ownership" (
    "id" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "owner_kind" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "named_by" TEXT NOT NULL,
    "confirmed_by" TEXT,
    "confirmed_at" TIMESTAMPTZ(6),
    "change_id" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),

    CONSTRAINT "ownership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connector" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "classification" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'requested',
    "reason" TEXT,
    "transport" TEXT NOT NULL,
    "approved_version_id" TEXT,
    "change_id" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "row_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "connector_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connector_version" (
    "id" TEXT NOT NULL,
    "connector_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'proposed',
    "digest" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "identity" JSONB NOT NULL,
    "findings" JSONB NOT NULL,
    "launch" JSONB,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connector_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "version_tool" (
    "id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "tool_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "definition" BYTEA NOT NULL,
    "effect" TEXT NOT NULL,
    "why" TEXT[],
    "labels" TEXT[],

    CONSTRAINT "version_tool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tool" (
    "id" TEXT NOT NULL,
    "connector_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT,
    "description" TEXT,
    "effect" TEXT NOT NULL,
    "labels" TEXT[],
    "status" TEXT NOT NULL DEFAULT 'active',
    "confirmed_by" TEXT,
    "change_id" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "row_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "tool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "title" TEXT NOT NULL,
    "requester_id" TEXT NOT NULL,
    "connector_id" TEXT,
    "version_id" TEXT,
    "grant_id" TEXT,
    "digest" TEXT,
    "content" BYTEA,
    "tier" TEXT,
    "classification" TEXT,
    "config_version" INTEGER,
    "round" INTEGER NOT NULL DEFAULT 0,
    "form" JSONB NOT NULL,
    "agent_ids" TEXT[],
    "submitted_at" TIMESTAMPTZ(6),
    "due_at" TIMESTAMPTZ(6),
    "decided_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "row_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request_stage" (
    "id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "quorum" INTEGER NOT NULL,
    "after" TEXT[],
    "remind_at" TIMESTAMPTZ(6) NOT NULL,
    "due_at" TIMESTAMPTZ(6) NOT NULL,
    "escalate_at" TIMESTAMPTZ(6) NOT NULL,
    "deny_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "request_stage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage_notice" (
    "stage_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stage_notice_pkey" PRIMARY KEY ("stage_id","kind")
);

-- CreateTable
CREATE TABLE "review" (
    "id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "stage_id" TEXT NOT NULL,
    "round" INTEGER NOT NULL DEFAULT 0,
    "reviewer_id" TEXT NOT NULL,
    "on_behalf_of" TEXT,
    "verdict" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "tools" TEXT[],
    "all_tools" BOOLEAN NOT NULL DEFAULT true,
    "conditions" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "sign_in_age_seconds" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment" (
    "id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "author_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval" (
    "id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "connector_id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "tools" TEXT[],
    "hold_tools" TEXT[],
    "agent_ids" TEXT[],
    "any_agent" BOOLEAN NOT NULL DEFAULT true,
    "approved_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scope_grant" (
    "id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "approval_id" TEXT NOT NULL,
    "principal_kind" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "connector_id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "scope" JSONB NOT NULL,
    "starts_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(6),
    "ended_by" TEXT,
    "row_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "scope_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tier_config" (
    "version" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "source" TEXT NOT NULL,
    "change_id" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tier_config_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "egress_allow" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "change_id" TEXT,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(6),

    CONSTRAINT "egress_allow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "package_release" (
    "id" TEXT NOT NULL,
    "package_digest" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "probe_id" TEXT NOT NULL,
    "network" BOOLEAN NOT NULL DEFAULT false,
    "released_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "package_release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change" (
    "id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "beneficiaries" TEXT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_decision" (
    "id" TEXT NOT NULL,
    "change_id" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "decided_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quarantine" (
    "id" TEXT NOT NULL,
    "connector_id" TEXT NOT NULL,
    "tool_id" TEXT,
    "reason" TEXT NOT NULL,
    "approved_digest" TEXT,
    "seen_digest" TEXT,
    "seen" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quarantine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quarantine_release" (
    "id" TEXT NOT NULL,
    "quarantine_id" TEXT NOT NULL,
    "approval_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quarantine_release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "finding" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(6),

    CONSTRAINT "finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sealed_credential" (
    "id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "connector_id" TEXT,
    "kind" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "sealed" BYTEA,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "destroyed_at" TIMESTAMPTZ(6),

    CONSTRAINT "sealed_credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "probe" (
    "id" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" JSONB NOT NULL,
    "credential_id" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "result" JSONB,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "probe_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(6),
    "mailed_at" TIMESTAMPTZ(6),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "principal_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "input_digest" TEXT NOT NULL,
    "output" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("principal_id","key")
);

-- CreateTable
CREATE TABLE "evidence_pack" (
    "id" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "period_from" TIMESTAMPTZ(6) NOT NULL,
    "period_to" TIMESTAMPTZ(6) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "progress" JSONB NOT NULL,
    "file" TEXT,
    "sha256" TEXT,
    "bytes" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "evidence_pack_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGSERIAL NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "time" TIMESTAMPTZ(6) NOT NULL,
    "principal_kind" TEXT NOT NULL,
    "principal_id" TEXT NOT NULL,
    "subjects" TEXT[],
    "leaf" BYTEA NOT NULL,
    "call_id" TEXT,
    "connector_id" TEXT,
    "agent_id" TEXT,
    "tool" TEXT,
    "decision" TEXT,
    "reason" TEXT,
    "grant_id" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "log_entry" (
    "leaf_index" BIGINT NOT NULL,
    "event_id" TEXT NOT NULL,
    "event_seq" BIGINT NOT NULL,
    "leaf_hash" BYTEA NOT NULL,

    CONSTRAINT "log_entry_pkey" PRIMARY KEY ("leaf_index")
);

-- CreateTable
CREATE TABLE "log_tile" (
    "level" INTEGER NOT NULL,
    "tile_index" BIGINT NOT NULL,
    "hashes" BYTEA NOT NULL,

    CONSTRAINT "log_tile_pkey" PRIMARY KEY ("level","tile_index")
);

-- CreateTable
CREATE TABLE "checkpoint" (
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "side_payload" (
    "call_id" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "wrapped_key" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "side_payload_pkey" PRIMARY KEY ("call_id","part")
);

-- CreateTable
CREATE TABLE "policy_epoch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" BIGINT NOT NULL,

    CONSTRAINT "policy_epoch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "oauth_artifact" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "grant_id" TEXT,
    "user_code" TEXT,
    "uid" TEXT,
    "consumed_at" TIMESTAMPTZ(6),
    "expires_at" TIMESTAMPTZ(6),

    CONSTRAINT "oauth_artifact_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "setup_code_code_hash_key" ON "setup_code"("code_hash");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_issuer_subject_key" ON "app_user"("issuer", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "team_name_key" ON "team"("name");

-- CreateIndex
CREATE INDEX "team_member_team_id_idx" ON "team_member"("team_id");

-- CreateIndex
CREATE INDEX "team_member_member_id_idx" ON "team_member"("member_id");

-- CreateIndex
CREATE INDEX "role_assignment_user_id_idx" ON "role_assignment"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "delegate_change_id_key" ON "delegate"("change_id");

-- CreateIndex
CREATE INDEX "delegate_user_id_idx" ON "delegate"("user_id");

-- CreateIndex
CREATE INDEX "delegate_delegate_id_idx" ON "delegate"("delegate_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_token_hash_key" ON "access_token"("hash");

-- CreateIndex
CREATE INDEX "access_token_user_id_idx" ON "access_token"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_slug_key" ON "agent"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "agent_key_thumbprint_key" ON "agent_key"("thumbprint");

-- CreateIndex
CREATE INDEX "agent_key_agent_id_idx" ON "agent_key"("agent_id");

-- CreateIndex
CREATE INDEX "ownership_subject_id_idx" ON "ownership"("subject_id");

-- CreateIndex
CREATE INDEX "ownership_owner_id_idx" ON "ownership"("owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "connector_slug_key" ON "connector"("slug");

-- CreateIndex
CREATE INDEX "connector_created_at_id_idx" ON "connector"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "connector_version_connector_id_number_key" ON "connector_version"("connector_id", "number");

-- CreateIndex
CREATE INDEX "version_tool_tool_id_idx" ON "version_tool"("tool_id");

-- CreateIndex
CREATE UNIQUE INDEX "version_tool_version_id_kind_name_key" ON "version_tool"("version_id", "kind", "name");

-- CreateIndex
CREATE INDEX "tool_created_at_id_idx" ON "tool"("created_at", "id");

-- CreateIndex
CREATE INDEX "tool_name_id_idx" ON "tool"("name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "tool_connector_id_kind_name_key" ON "tool"("connector_id", "kind", "name");

-- CreateIndex
CREATE INDEX "request_state_due_at_idx" ON "request"("state", "due_at");

-- CreateIndex
CREATE INDEX "request_requester_id_idx" ON "request"("requester_id");

-- CreateIndex
CREATE INDEX "request_connector_id_idx" ON "request"("connector_id");

-- CreateIndex
CREATE UNIQUE INDEX "request_stage_request_id_round_kind_key" ON "request_stage"("request_id", "round", "kind");

-- CreateIndex
CREATE INDEX "review_request_id_idx" ON "review"("request_id");

-- CreateIndex
CREATE INDEX "comment_request_id_idx" ON "comment"("request_id");

-- CreateIndex
CREATE UNIQUE INDEX "approval_request_id_key" ON "approval"("request_id");

-- CreateIndex
CREATE INDEX "approval_version_id_idx" ON "approval"("version_id");

-- CreateIndex
CREATE INDEX "scope_grant_principal_id_connector_id_idx" ON "scope_grant"("principal_id", "connector_id");

-- CreateIndex
CREATE INDEX "scope_grant_connector_id_idx" ON "scope_grant"("connector_id");

-- CreateIndex
CREATE INDEX "scope_grant_status_expires_at_idx" ON "scope_grant"("status", "expires_at");

-- CreateIndex
CREATE INDEX "scope_grant_created_at_id_idx" ON "scope_grant"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "package_release_package_digest_key" ON "package_release"("package_digest");

-- CreateIndex
CREATE INDEX "change_created_at_id_idx" ON "change"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "change_decision_change_id_key" ON "change_decision"("change_id");

-- CreateIndex
CREATE INDEX "quarantine_connector_id_idx" ON "quarantine"("connector_id");

-- CreateIndex
CREATE UNIQUE INDEX "quarantine_release_quarantine_id_key" ON "quarantine_release"("quarantine_id");

-- CreateIndex
CREATE INDEX "finding_subject_id_idx" ON "finding"("subject_id");

-- CreateIndex
CREATE INDEX "probe_requested_by_created_at_idx" ON "probe"("requested_by", "created_at");

-- CreateIndex
CREATE INDEX "notification_user_id_created_at_idx" ON "notification"("user_id", "created_at");

-- CreateIndex
CREATE INDEX "evidence_pack_created_at_id_idx" ON "evidence_pack"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_id_key" ON "audit_event"("id");

-- CreateIndex
CREATE INDEX "audit_event_time_seq_idx" ON "audit_event"("time", "seq");

-- CreateIndex
CREATE INDEX "audit_event_call_id_idx" ON "audit_event"("call_id");

-- CreateIndex
CREATE INDEX "audit_event_connector_id_seq_idx" ON "audit_event"("connector_id", "seq");

-- CreateIndex
CREATE INDEX "audit_event_agent_id_seq_idx" ON "audit_event"("agent_id", "seq");

-- CreateIndex
CREATE INDEX "audit_event_type_seq_idx" ON "audit_event"("type", "seq");

-- CreateIndex
CREATE INDEX "audit_event_principal_id_seq_idx" ON "audit_event"("principal_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "log_entry_event_id_key" ON "log_entry"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "log_entry_event_seq_key" ON "log_entry"("event_seq");

-- CreateIndex
CREATE INDEX "oauth_artifact_grant_id_idx" ON "oauth_artifact"("grant_id");

-- CreateIndex
CREATE INDEX "oauth_artifact_expires_at_idx" ON "oauth_artifact"("expires_at");


