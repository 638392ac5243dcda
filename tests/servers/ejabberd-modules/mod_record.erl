%% Writes down every stanza that clients send, as the server sees it: so tests can look for what should not be there. And what they say
%% that they have got (XEP-0198), each with its name.
-module(mod_record).

-export([start/2, stop/1, depends/2, mod_options/1, mod_opt_type/1, mod_doc/0]).
-export([record/3]).

start(Host, _Options) ->
    ejabberd_hooks:add(c2s_handle_recv, Host, ?MODULE, record, 1).

stop(Host) ->
    ejabberd_hooks:delete(c2s_handle_recv, Host, ?MODULE, record, 1).

depends(_Host, _Options) -> [].

mod_options(_Host) -> [{file, <<>>}, {taken, <<>>}].

mod_opt_type(file) -> econf:binary();
mod_opt_type(taken) -> econf:binary().

mod_doc() -> #{}.

record(#{user := User} = State, {xmlel, <<"a">>, _, _} = Element, _Packet) ->
    keep(State, taken, [User, " ", fxml:get_tag_attr_s(<<"h">>, Element), $\n]);
record(State, Element, _Packet) ->
    keep(State, file, [fxml:element_to_binary(Element), $\n]).

keep(#{lserver := Host} = State, Where, What) ->
    File = gen_mod:get_module_opt(Host, ?MODULE, Where),
    ok = file:write_file(File, What, [append]),
    State.
