-- Writes down every stanza that clients send, as the server sees it: so tests can look for what should not be there. And what they say
-- that they have got (XEP-0198), each with its name.
local filters = require "util.filters";

local file = assert(io.open(module:get_option_string("record_file"), "a"));
local taken = assert(io.open(module:get_option_string("taken_file"), "a"));
local kept = { message = true, presence = true, iq = true };

local function listen(session)
	filters.add_filter(session, "stanzas/in", function(stanza)
		if kept[stanza.name] then
			file:write(tostring(stanza), "\n");
			file:flush();
		elseif stanza.name == "a" and session.username then
			taken:write(session.username, " ", stanza.attr.h or "", "\n");
			taken:flush();
		end
		return stanza;
	end, 1000);
end

filters.add_filter_hook(listen);

function module.unload()
	filters.remove_filter_hook(listen);
	file:close();
	taken:close();
end
