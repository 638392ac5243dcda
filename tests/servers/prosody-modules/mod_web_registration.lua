-- Accounts are made on a page of the web, and only there (XEP-0077 2.4 §5). The page is served here as well.
local st = require "util.stanza";
local formdecode = require "util.http".formdecode;
local create_user = require "core.usermanager".create_user;
local user_exists = require "core.usermanager".user_exists;

local page = module:get_option_string("registration_page");
local feature = st.stanza("register", { xmlns = "http://jabber.org/features/iq-register" });

module:hook("stream-features", function (event)
	if event.origin.type == "c2s_unauthed" and event.origin.secure then
		event.features:add_child(st.clone(feature));
	end
end);

module:hook("stanza/iq/jabber:iq:register:query", function (event)
	local session, stanza = event.origin, event.stanza;
	if session.type ~= "c2s_unauthed" then
		return;
	end
	if stanza.attr.type ~= "get" then
		session.send(st.error_reply(stanza, "cancel", "not-authorized"));
		return true;
	end
	session.send(st.reply(stanza):query("jabber:iq:register")
		:text_tag("instructions", "Accounts are made on our page.")
		:tag("x", { xmlns = "jabber:x:oob" }):text_tag("url", page));
	return true;
end, 1);

local form = "<!DOCTYPE html><title>Sign up</title><form method=post><input name=name><input name=password type=password>"
	.. "<button>Sign up</button></form>";

module:depends("http");
module:provides("http", {
	default_path = "/signup";
	route = {
		GET = function (event)
			event.response.headers.content_type = "text/html; charset=utf-8";
			return form;
		end;
		POST = function (event)
			local asked = formdecode(event.request.body or "");
			if type(asked) ~= "table" or not asked.name or not asked.password then
				return 400;
			end
			if user_exists(asked.name, module.host) then
				return 409;
			end
			return create_user(asked.name, asked.password, module.host) and "Welcome!" or 500;
		end;
	};
});
