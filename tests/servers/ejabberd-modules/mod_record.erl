%% Writes down every stanza that clients send, as the server sees it: so tests can look for what should not be there.
-module(mod_record).

-export([start/2, stop/1, depends/2, mod_options/1, mod_opt_type/1, mod_doc/0]).
-export([record/3]).

start(Host, _Options) ->
    ejabberd_hooks:add(c2s_handle_recv, Host, ?MODULE, record, 1).

stop(Host) ->
    ejabberd_hooks:delete(c2s_handle_recv, Host, ?MODULE, record, 1).

depends(_Host, _Options) -> [].

mod_options(_Host) -> [{file, <<>>}].

mod_opt_type(file) -> econf:binary().

mod_doc() -> #{}.

record(#{lserver := Host} = State, Element, _Packet) ->
    File = gen_mod:get_module_opt(Host, ?MODULE, file),
    ok = file:write_file(File, [fxml:element_to_binary(Element), $\n], [append]),
    State.
