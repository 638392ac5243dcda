-- Writes down every stanza that clients send, as the server sees it: so tests can look for what should not be there.
local filters = require "util.filters";

local file = assert(io.open(module:get_option_string("record_file"), "a"));
local kept = { message = true, presence = true, iq = true };

local function record(stanza)
	if kept[stanza.name] then
		file:write(tostring(stanza), "\n");
		file:flush();
	end
	return stanza;
end

local function listen(session)
	filters.add_filter(session, "stanzas/in", record, 1000);
end

filters.add_filter_hook(listen);

function module.unload()
	filters.remove_filter_hook(listen);
	file:close();
end
