-- Channels, subscriptions, deliveries, and the links in mails. Tokens are stored only as their SHA-256.

create table notification_channels (
    id           uuid primary key,
    user_id      text        not null references users on delete cascade,
    scope        text        not null,
    kind         text        not null check (kind in ('email', 'slack')),
    name         text        not null,
    target       text        not null,
    enabled      boolean     not null,
    confirmed_at timestamptz,
    created_at   timestamptz not null,
    unique (user_id, scope, kind, target)
);
comment on table notification_channels is 'Where a person wants to be told of what happens in a scope.';
comment on column notification_channels.scope is 'What it tells of, such as organization:acme.';
comment on column notification_channels.target is 'The e-mail address or the URL of the incoming webhook.';
comment on column notification_channels.confirmed_at is 'When it turned out that the address is theirs; nothing is sent before.';

create table notification_subscriptions (
    channel_id uuid    not null references notification_channels on delete cascade,
    topic      text    not null check (topic in ('cluster_pipeline', 'application_pipeline', 'system_events')),
    enabled    boolean not null,
    primary key (channel_id, topic)
);
comment on table notification_subscriptions is 'The topics that a channel is told of.';

create table notification_defaults (
    user_id  text        not null references users on delete cascade,
    scope    text        not null,
    given_at timestamptz not null,
    primary key (user_id, scope)
);
comment on table notification_defaults is
    'Who was given an e-mail channel in a scope without asking, so that one they delete does not come back.';

create table channel_confirmations (
    token_hash  text primary key,
    delivery_id uuid        not null,
    channel_id  uuid        not null references notification_channels on delete cascade,
    created_at  timestamptz not null,
    expires_at  timestamptz not null
);
create index channel_confirmations_channel on channel_confirmations (channel_id);
create index channel_confirmations_delivery on channel_confirmations (delivery_id);
comment on table channel_confirmations is 'Mailed links that confirm a channel''s address.';

create table notification_deliveries (
    id                  uuid primary key,
    key                 text        not null,
    channel_id          uuid        references notification_channels on delete set null,
    purpose             text        not null check (purpose in ('message', 'decision', 'confirmation')),
    topic               text        check (topic in ('cluster_pipeline', 'application_pipeline', 'system_events')),
    user_id             text        not null,
    recipient           text        not null,
    subject             text        not null,
    message             text,
    approval_id         uuid        references approvals,
    stage_order         int,
    status              text        not null check (status in ('queued', 'sent', 'dropped')),
    dropped_because     text,
    process_instance_id text,
    created_at          timestamptz not null,
    finished_at         timestamptz,
    unique (key, channel_id),
    check (purpose <> 'decision' or (approval_id is not null and stage_order is not null)),
    check (purpose <> 'message' or message is not null)
);
create index notification_deliveries_channel on notification_deliveries (channel_id, created_at desc);
create index notification_deliveries_approval on notification_deliveries (approval_id) where approval_id is not null;
comment on table notification_deliveries is
    'One message to one channel. Links with tokens are made when it is sent and are never stored here.';
comment on column notification_deliveries.key is 'The same key never reaches the same channel twice.';
comment on column notification_deliveries.recipient is 'The channel''s address or name, for people who look for a mail.';
comment on column notification_deliveries.message is 'What it says, as JSON; null if it is made from the approval when sent.';
comment on column notification_deliveries.finished_at is 'When it was sent or dropped.';

create table decision_links (
    token_hash  text primary key,
    delivery_id uuid        not null,
    approval_id uuid        not null references approvals,
    stage_order int         not null,
    user_id     text        not null references users on delete cascade,
    decision    text        not null check (decision in ('approve', 'reject')),
    created_at  timestamptz not null,
    used_at     timestamptz
);
create index decision_links_approval on decision_links (approval_id, stage_order, user_id);
create index decision_links_delivery on decision_links (delivery_id);
comment on column decision_links.delivery_id is 'The delivery that mailed it; a repeated attempt replaces it.';
comment on table decision_links is
    'Mailed links to the page that takes one decision of one person. They die with the stage: the approval says when.';
