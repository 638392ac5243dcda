-- Says each try to sign in, and how it was made, so that tests can count them; and whether somebody looks (XEP-0352).
module:hook("authentication-success", function(event)
	local session = event.session;
	local handler = session.sasl_handler;
	module:log("info", "login of %s: success by %s", session.username or "?", handler and handler.selected or "?");
end);
module:hook("authentication-failure", function(event)
	module:log("info", "login: failure");
end);
module:hook("csi-client-active", function(event)
	module:log("info", "%s looks", event.origin.username or "?");
end, 1000);
module:hook("csi-client-inactive", function(event)
	module:log("info", "%s looks away", event.origin.username or "?");
end, 1000);
