%% A server that lies about somebody's lists of devices (XEP-0384), to everybody but themselves: as long as there is a file that says
%% whose, and how. With `older *` it tells nobody, not even their owners, of any list of the newer version.
-module(mod_device_lists).

-export([start/2, stop/1, depends/2, mod_options/1, mod_opt_type/1, mod_doc/0]).
-export([lie/1]).

start(Host, _Options) ->
    ejabberd_hooks:add(c2s_filter_send, Host, ?MODULE, lie, 1).

stop(Host) ->
    ejabberd_hooks:delete(c2s_filter_send, Host, ?MODULE, lie, 1).

depends(_Host, _Options) -> [].

mod_options(_Host) -> [{file, <<>>}].

mod_opt_type(file) -> econf:binary().

mod_doc() -> #{}.

lie({drop, _State} = Nothing) ->
    Nothing;
lie({Packet, #{lserver := Host} = State}) ->
    case mood(gen_mod:get_module_opt(Host, ?MODULE, file)) of
        none -> {Packet, State};
        Mood -> {told(Packet, Mood), State}
    end.

%% Whose lists are concerned, and in what way.
mood(File) ->
    case file:read_file(File) of
        {ok, Text} ->
            [Mood, Owner] = binary:split(Text, <<" ">>),
            {Mood, Owner};
        {error, _} -> none
    end.

told(Packet, {<<"older">>, _}) ->
    {xmlel, Name, _, Children} = Element = xmpp:encode(Packet, <<"jabber:client">>),
    Newer = fun(Node) -> Node == <<"urn:xmpp:omemo:2:devices">> end,
    case lists:any(fun(Child) -> has_node(Child, Newer) end, Children) of
        false -> Packet;
        true -> refused(Name, Element, <<"missing">>)
    end;
told(Packet, {Mood, Owner}) ->
    {xmlel, Name, Attributes, Children} = Element = xmpp:encode(Packet, <<"jabber:client">>),
    From = bare(fxml:get_tag_attr_s(<<"from">>, Element)),
    To = bare(fxml:get_tag_attr_s(<<"to">>, Element)),
    Lists = lists:any(fun has_list/1, Children),
    case Lists andalso From == Owner andalso To /= Owner of
        false -> Packet;
        true when Mood == <<"withheld">>; Mood == <<"missing">> -> refused(Name, Element, Mood);
        true ->
            Lied = [replaced(Child, Mood) || Child <- Children],
            xmpp:decode({xmlel, Name, Attributes, Lied}, <<"jabber:client">>, [ignore_els])
    end.

bare(Address) ->
    hd(binary:split(Address, <<"/">>)).

list(<<"eu.siacs.conversations.axolotl.devicelist">>) -> {<<"list">>, <<"eu.siacs.conversations.axolotl">>};
list(<<"urn:xmpp:omemo:2:devices">>) -> {<<"devices">>, <<"urn:xmpp:omemo:2">>};
list(_) -> none.

has_list(Child) ->
    has_node(Child, fun(Node) -> list(Node) /= none end).

has_node({xmlel, Name, _, Children}, Is) when Name == <<"pubsub">>; Name == <<"event">> ->
    lists:any(fun({xmlel, <<"items">>, _, _} = Items) -> Is(fxml:get_tag_attr_s(<<"node">>, Items));
                 (_) -> false
              end, Children);
has_node(_, _) -> false.

refused(<<"iq">>, Element, Mood) ->
    Condition = case Mood of <<"withheld">> -> <<"forbidden">>; <<"missing">> -> <<"item-not-found">> end,
    Kept = [{Key, fxml:get_tag_attr_s(Key, Element)} || Key <- [<<"id">>, <<"from">>, <<"to">>]],
    Why = {xmlel, Condition, [{<<"xmlns">>, <<"urn:ietf:params:xml:ns:xmpp-stanzas">>}], []},
    Error = {xmlel, <<"error">>, [{<<"type">>, <<"cancel">>}], [Why]},
    Attributes = [{<<"type">>, <<"error">>} | Kept],
    xmpp:decode({xmlel, <<"iq">>, Attributes, [Error]}, <<"jabber:client">>, [ignore_els]);
%% Not told of a change at all: an empty message changes nothing.
refused(<<"message">>, {xmlel, Name, Attributes, _}, _) ->
    xmpp:decode({xmlel, Name, Attributes, []}, <<"jabber:client">>, [ignore_els]).

replaced({xmlel, <<"items">>, Attributes, Items}, Mood) ->
    Name = list(fxml:get_tag_attr_s(<<"node">>, {xmlel, <<"items">>, Attributes, []})),
    {xmlel, <<"items">>, Attributes, [item(Item, Name, Mood) || Item <- Items]};
replaced({xmlel, Name, Attributes, Children}, Mood) when Name == <<"pubsub">>; Name == <<"event">> ->
    {xmlel, Name, Attributes, [replaced(Child, Mood) || Child <- Children]};
replaced(Other, _) -> Other.

item({xmlel, <<"item">>, Attributes, _}, {Name, Space}, Mood) ->
    {xmlel, <<"item">>, Attributes, [{xmlel, Name, [{<<"xmlns">>, Space}], devices(Mood)}]};
item(Other, _, _) -> Other.

devices(<<"emptied">>) -> [];
devices(<<"replaced">>) -> [{xmlel, <<"device">>, [{<<"id">>, <<"4711">>}], []}];
devices(<<"broken">>) ->
    Device = fun(Id) -> {xmlel, <<"device">>, [{<<"id">>, Id}], []} end,
    [Device(<<"-1">>), Device(<<"many">>), {xmlel, <<"wobble">>, [], []}].
