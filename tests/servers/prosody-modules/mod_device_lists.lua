-- A server that lies about somebody's lists of devices (XEP-0384), to everybody but themselves: as long as there is a file that says
-- whose, and how. With `older *` it tells nobody, not even their owners, of any list of the newer version.
local filters = require "util.filters";
local jid_bare = require "util.jid".bare;
local st = require "util.stanza";

local path = module:get_option_string("device_lists_file");
local lists = {
	["eu.siacs.conversations.axolotl.devicelist"] = { "list", "eu.siacs.conversations.axolotl" };
	["urn:xmpp:omemo:2:devices"] = { "devices", "urn:xmpp:omemo:2" };
};

-- The mood, and the owner whom it concerns.
local function mood()
	local file = io.open(path);
	if not file then return nil; end
	local mood, of = file:read("*a"):match("^(%S+) (%S+)");
	file:close();
	return mood, of;
end

local function list(name, mood)
	local list = st.stanza(name[1], { xmlns = name[2] });
	if mood == "replaced" then
		list:tag("device", { id = "4711" }):up();
	elseif mood == "broken" then
		list:tag("device", { id = "-1" }):up():tag("device", { id = "many" }):up():tag("wobble"):up();
	end
	return list;
end

local function pubsub(stanza)
	if stanza.name == "iq" and stanza.attr.type == "result" then
		return stanza:get_child("pubsub", "http://jabber.org/protocol/pubsub");
	elseif stanza.name == "message" then
		return stanza:get_child("event", "http://jabber.org/protocol/pubsub#event");
	end
end

local function lie(stanza)
	local found = stanza.attr and pubsub(stanza);
	local items = found and found:get_child("items");
	local name = items and lists[items.attr.node];
	if not name then return stanza; end
	local mood, of = mood();
	if not mood then return stanza; end
	local owner = stanza.attr.from and jid_bare(stanza.attr.from);
	if mood == "older" then
		if name[2] ~= "urn:xmpp:omemo:2" then return stanza; end
	elseif owner ~= of or jid_bare(stanza.attr.to or owner) == owner then
		return stanza;
	end
	if mood == "withheld" or mood == "missing" or mood == "older" then
		if stanza.name == "message" then return nil; end
		local reply = st.stanza("iq", { type = "error", id = stanza.attr.id, from = stanza.attr.from, to = stanza.attr.to });
		local condition = mood == "withheld" and "forbidden" or "item-not-found";
		return reply:tag("error", { type = "cancel" }):tag(condition, { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" }):reset();
	end
	local lied = st.clone(stanza);
	pubsub(lied):get_child("items"):maptags(function(item)
		return item:maptags(function() return list(name, mood); end);
	end);
	return lied;
end

local function listen(session)
	filters.add_filter(session, "stanzas/out", lie, 1000);
end

filters.add_filter_hook(listen);

function module.unload()
	filters.remove_filter_hook(listen);
end
