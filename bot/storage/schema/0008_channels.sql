-- Which server a channel is of: a channel that has no schedule any more still has what it was
-- brought, and of a server that the bot has left everything goes.

CREATE TABLE channels (
    channel_id  INTEGER PRIMARY KEY,
    guild_id    INTEGER NOT NULL
) STRICT;

CREATE INDEX channels_of_a_server ON channels (guild_id);

INSERT INTO channels SELECT channel_id, guild_id FROM schedules;

INSERT OR IGNORE INTO channels
SELECT channel_id, guild_id FROM alerts WHERE guild_id IS NOT NULL;

CREATE TRIGGER channel_of_a_schedule AFTER INSERT ON schedules BEGIN
    INSERT OR IGNORE INTO channels VALUES (new.channel_id, new.guild_id);
END;

CREATE TRIGGER channel_of_an_alert AFTER INSERT ON alerts WHEN new.guild_id IS NOT NULL BEGIN
    INSERT OR IGNORE INTO channels VALUES (new.channel_id, new.guild_id);
END;

CREATE TRIGGER another_channel_of_an_alert AFTER UPDATE OF channel_id ON alerts
WHEN new.guild_id IS NOT NULL AND new.channel_id IS NOT old.channel_id
BEGIN
    INSERT OR IGNORE INTO channels VALUES (new.channel_id, new.guild_id);
END;

CREATE INDEX editions_of_a_channel ON editions (channel_id);
