-- Says each try to sign in, so that tests can count them.
module:hook("authentication-success", function(event)
	module:log("info", "login of %s: success", event.session.username or "?");
end);
module:hook("authentication-failure", function(event)
	module:log("info", "login: failure");
end);
