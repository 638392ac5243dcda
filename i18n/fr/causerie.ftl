# Les mots de Causerie, en français. On vouvoie. Espace fine insécable (U+202F) devant ; ! ?, espace insécable (U+00A0)
# devant : et à l’intérieur des « guillemets ». Apostrophe courbe. Les majuscules gardent leurs accents.

## Dates, heures

day-today = aujourd’hui
day-yesterday = hier
moment = { $day }, { $time }
moment-within = { $day } à { $time }

## Actions que plusieurs endroits partagent

action-cancel = Annuler
action-close = Fermer

## Parties d’un message

message-show-more = Afficher la suite
message-state-waiting = En attente d’envoi
message-state-sent = Envoyé
message-state-delivered = Remis
message-state-read = Lu
message-state-failed = Non envoyé
message-said-by-me = Vous, { $time } : { $text }
message-said-by = { $name }, { $time } : { $text }
message-edited = modifié
message-written-then = D’après l’horloge de l’appareil qui l’a envoyé, il a été écrit { $moment }.
message-edited-at = Modifié { $moment }
message-edit-failed = La modification n’a pas été envoyée.
message-reaction-failed = Votre réaction n’a pas été envoyée.
message-deleted = Ce message a été supprimé.
message-deleted-fallback = L’expéditeur a supprimé un message précédent pour tous. Votre application ne sait pas le faire d’elle-même.
message-deletion-failed = Il est supprimé ici. La demande de le supprimer pour tous n’a pas été envoyée.
message-delete-why = D’autres l’ont peut-être vu ou le gardent : leur application est priée de le supprimer, et peut ne pas le faire. Ici, il disparaît pour de bon.
message-answers = En réponse à { $name } : { $text }
message-answers-us = En réponse à vous : { $text }
message-not-here = En réponse à un message qui n’est pas ici.
message-reacted = { $emoji } { $names }
message-react = Réagir avec { $emoji }
message-react-no-more = Retirer { $emoji }
you = Vous

## Personnes

presence-online = En ligne
presence-away = Absent
presence-long-away = Absent pour longtemps
presence-busy = Ne pas déranger
presence-offline = Hors ligne
presence-asked = En attente de la réponse de { $name }
unread-count =
    { $count ->
        [one] { $count } message non lu
       *[other] { $count } messages non lus
    }

## Ce qui est arrivé, et ce qu’on peut y faire. $provider est ce qui suit le @ dans une adresse.

problem-unknown-host = Aucun fournisseur ne s’appelle { $provider }. Vérifiez ce qui suit le @ dans l’adresse.
problem-no-network = Pas de réseau. Causerie se connectera dès son retour.
problem-no-service = { $provider } indique ne pas proposer de messagerie. Vérifiez ce qui suit le @ dans l’adresse.
problem-connection-refused = { $provider } existe, mais sa messagerie ne répond pas. Elle est peut-être en panne : réessayez plus tard.
problem-timed-out = { $provider } ne répond pas. Vérifiez votre réseau, ou réessayez plus tard.
problem-connection-lost = La connexion à { $provider } a été coupée. Rien n’est perdu : Causerie se reconnecte.
problem-no-tls = { $provider } ne chiffre pas la connexion : rien n’a été envoyé, pas même votre mot de passe. Parlez-en à votre fournisseur, ou choisissez-en un autre.
problem-tls-failed = Impossible d’établir une connexion chiffrée avec { $provider }. Rien n’a été envoyé. Essayez un autre réseau, ou parlez-en à votre fournisseur.
problem-certificate-expired = Le certificat de { $provider } a expiré : rien ne prouve que c’est bien lui. Pour votre ordinateur, nous sommes le { $date } : si c’est faux, mettez-le à l’heure et réessayez ; si c’est juste, prévenez votre fournisseur. Rien n’a été envoyé.
problem-certificate-not-yet-valid = Le certificat de { $provider } n’est pas encore valable. Pour votre ordinateur, nous sommes le { $date } : son horloge est sans doute déréglée. Mettez-la à l’heure, puis réessayez. Rien n’a été envoyé.
problem-certificate-wrong-name = Ce qui a répondu n’est pas { $provider } : son certificat porte un autre nom. Vérifiez l’adresse ; sur un Wi-Fi public, ouvrez d’abord une page web pour vous y identifier. Rien n’a été envoyé.
problem-certificate-unknown-issuer = Aucune autorité reconnue par cet ordinateur ne garantit { $provider }. Quelqu’un s’est peut-être interposé : essayez un autre réseau et prévenez votre fournisseur. Rien n’a été envoyé.
problem-certificate-revoked = Le certificat de { $provider } a été révoqué. Attendez que votre fournisseur l’ait remplacé. Rien n’a été envoyé.
problem-certificate-invalid = Le certificat de { $provider } n’est pas en règle : rien ne prouve que c’est bien lui. Prévenez votre fournisseur. Rien n’a été envoyé.
problem-sign-in-to-network = Ce réseau vous demande d’abord de vous identifier, comme au café, à l’hôtel ou dans le train. Ouvrez une page web pour le faire ; Causerie se connectera dès que le passage sera libre.
problem-proxy-unreachable = Le proxy ne répond pas. Vérifiez son adresse dans les réglages, sous « Réseau », et qu’il est bien lancé. Causerie ne le contourne pas.
problem-proxy-login = Le proxy demande un nom et un mot de passe, ou refuse ceux qu’il a reçus. Saisissez-les dans les réglages, sous « Réseau ».
problem-proxy-refused = Le proxy n’autorise pas la connexion à { $provider }. Voyez avec la personne qui s’en occupe, ou choisissez-en un autre dans les réglages, sous « Réseau ».
problem-proxy-cannot-reach = Le proxy ne parvient pas à joindre { $provider }. Si votre fournisseur vous a donné une adresse de serveur, indiquez-la pour ce compte ; sinon, réessayez plus tard.
problem-proxy-not-understood = Ce qui répond à l’adresse du proxy n’est pas un proxy du type choisi. Vérifiez les deux dans les réglages, sous « Réseau ».
problem-proxy-unknown = Causerie ne sait pas quel proxy utiliser et ne s’est donc connecté à personne. Refaites votre choix dans les réglages, sous « Réseau ».
problem-wrong-password = L’adresse ou le mot de passe est incorrect. Les majuscules comptent dans le mot de passe.
problem-password-needed = Causerie n’a pas votre mot de passe. Saisissez-le pour vous connecter.
problem-account-disabled = { $provider } a désactivé ce compte. Seul votre fournisseur peut le rouvrir.
problem-authentication-unavailable = { $provider } ne peut pas vérifier les mots de passe pour le moment. Le vôtre est peut-être bon : réessayez plus tard.
problem-server-too-weak = { $provider } ne propose aucun moyen de se connecter qui protège votre mot de passe : il n’a pas été envoyé. Parlez-en à votre fournisseur, ou choisissez-en un autre.
problem-password-refused = { $provider } n’accepte pas ce mot de passe. Choisissez-en un plus long, avec d’autres caractères.
problem-form-required = { $provider } demande plus de renseignements qu’on ne peut en donner ici. Son site web le permet peut-être.
problem-keys-locked = Votre trousseau est verrouillé, et avec lui les clés de vos messages. Déverrouillez-le et réessayez : rien n’est perdu. De nouvelles clés permettent de s’en passer, mais il faudra comparer de nouveau la vôtre.
problem-keys-unreadable = Le fichier « vault.key », avec la clé de vos messages, est illisible. Remettez-en une copie et réessayez. De nouvelles clés permettent de s’en passer : vos messages restent, mais il faudra comparer de nouveau la vôtre.
problem-no-keys = Votre correspondant n’a aucun appareil capable de lire un message chiffré. Votre message n’a pas été envoyé.
problem-not-encrypted = Ce message n’a pas pu être chiffré et n’a donc pas été envoyé. Si vous le renvoyez, il suivra le réglage actuel de la conversation.
problem-perhaps-sent = Ce message a été envoyé chiffré, mais on ne sait pas s’il est arrivé. Si vous le renvoyez, il suivra le réglage actuel de la conversation et pourrait arriver deux fois.
problem-cancelled = Vous avez annulé ce message avant son envoi.
problem-arrival-unknown = Ce message est parti, mais on ne sait pas s’il est arrivé. Si vous réessayez, il pourrait y figurer deux fois.
problem-not-in-room = Vous n’êtes plus dans ce salon, et ce message n’a donc pas été envoyé. Entrez-y et réessayez.
problem-cancelled-late = Vous avez annulé ce message, mais il était déjà parti : il arrivera peut-être. Il ne sera pas renvoyé.
problem-keys-undecided = Votre correspondant a de nouvelles clés. Votre message partira quand vous aurez décidé de leur faire confiance ou non.
problem-downgrade = { $provider } protégeait mieux votre mot de passe auparavant. Quelqu’un s’est peut-être interposé : rien n’a été envoyé. Essayez un autre réseau, ou demandez à votre fournisseur s’il a changé quelque chose.
problem-server-not-proved = { $provider } n’a pas pu prouver qu’il connaît votre mot de passe. Quelqu’un s’est peut-être interposé. Essayez un autre réseau, et parlez-en à votre fournisseur.
problem-plain-only = { $provider } n’accepte le mot de passe qu’en clair. Votre accord est nécessaire avant de l’envoyer.
problem-wrong-address = { $provider } a ouvert votre session sous une autre adresse que la vôtre. La connexion a été fermée : parlez-en à votre fournisseur.
problem-bind-failed = { $provider } n’a pas pu ouvrir votre session. Réessayez plus tard ; si cela persiste, parlez-en à votre fournisseur.
problem-conflict = Un autre logiciel s’est connecté à la place de celui-ci. Fermez-le, puis réessayez.
problem-redirected = { $provider } vous renvoie vers un autre serveur, ce que Causerie ne suit pas. Demandez la bonne adresse de serveur à votre fournisseur.
problem-policy-violation = { $provider } a fermé la connexion, car ses règles l’exigent. Attendez quelques minutes ; si cela persiste, parlez-en à votre fournisseur.
problem-server-shutdown = { $provider } redémarre. Causerie se connectera dès son retour.
problem-server-busy = { $provider } est surchargé. Causerie réessaiera dans un moment.
problem-not-served = Ce serveur ne s’occupe pas de { $provider }. Vérifiez l’adresse, ainsi que celle du serveur dans « Plus d’options ».
problem-protocol = { $provider } a répondu quelque chose que Causerie ne comprend pas. Réessayez ; si cela persiste, prévenez votre fournisseur.
problem-over-limits = { $provider } a envoyé plus à la fois que Causerie n’en accepte. Cet envoi a été ignoré.
problem-no-such-address = Cette adresse n’existe pas. Vérifiez son orthographe.
problem-remote-unreachable = Le fournisseur de cette personne est injoignable. Réessayez plus tard.
problem-refused = Votre correspondant n’accepte pas cela. Contactez cette personne autrement.
problem-not-supported = Votre correspondant ne sait pas faire cela.
provider-refused = { $provider } ne le permet pas.
provider-not-supported = { $provider } ne sait pas faire cela.
provider-policy = Les règles de { $provider } ne le permettent pas.
provider-busy = { $provider } est surchargé. Réessayez dans un moment.
provider-lost = La connexion à { $provider } était coupée. Réessayez quand vous serez en ligne.
provider-silent = { $provider } n’a pas répondu à temps. Réessayez dans un moment.
problem-disk-full = Le disque est plein : plus rien ne peut être conservé. Faites de la place, puis réessayez.
problem-disk-read-only = Causerie ne peut pas écrire dans son dossier de données. Vérifiez les droits de ce dossier.
problem-disk-failed = La lecture ou l’écriture du dossier de données a échoué. Vérifiez le disque, puis réessayez.
problem-database-newer = Votre historique vient d’une version plus récente de Causerie. Il est intact : réinstallez cette version.
problem-database-damaged = Votre historique est endommagé. Il a été laissé tel quel : remplacez-le par une sauvegarde, ou déplacez-le pour repartir de zéro.
problem-already-running = Causerie est déjà ouvert avec ce dossier de données. Utilisez cette fenêtre-là.
problem-internal = Une erreur s’est produite dans Causerie. Réessayez ; rien de ce qui était enregistré n’est perdu.
try-no-network = Pas de réseau. Vérifiez votre connexion, puis réessayez ; ce que vous avez saisi est toujours là.
try-sign-in-to-network = Ce réseau vous demande d’abord de vous identifier, comme au café, à l’hôtel ou dans le train. Ouvrez une page web pour le faire, puis réessayez ; ce que vous avez saisi est toujours là.
try-connection-lost = La connexion à { $provider } a été coupée. Ce que vous avez saisi est toujours là : réessayez.
try-server-shutdown = { $provider } redémarre. Attendez une minute, puis réessayez.
try-server-busy = { $provider } est surchargé. Réessayez dans quelques minutes.
try-over-limits = { $provider } a envoyé plus à la fois que Causerie n’en accepte. Réessayez plus tard, ou choisissez un autre fournisseur.

## Ce qui ne va pas dans une adresse en cours de saisie

address-empty = Saisissez une adresse, comme nom@exemple.fr.
address-no-local-part = Il manque le nom avant le @.
address-no-domain = Il manque le fournisseur après le @, comme nom@exemple.fr.
address-too-long = C’est trop long pour une adresse.
address-bad-local-part = Il y a avant le @ un caractère interdit dans une adresse.
address-bad-domain = Ce qui suit le @ n’est pas un nom de fournisseur.
address-has-resource = Une adresse s’arrête avant le « / ».
address-second-at = Il y a plus d’un @.
address-own = C’est votre propre adresse.
address-known = Cette personne est déjà dans vos contacts.
address-account-known = Ce compte est déjà dans Causerie.

## Disponibilité

presence-chat = Disponible pour discuter

## Qui voit la disponibilité de qui

subscription-none = Vous ne voyez pas vos disponibilités respectives.
subscription-asked = En attente de la réponse de { $name }.
subscription-to = Vous voyez quand { $name } est en ligne, mais l’inverse n’est pas vrai.
subscription-from = { $name } voit quand vous êtes en ligne, mais l’inverse n’est pas vrai.
subscription-both = Chacun voit la disponibilité de l’autre.

## Ce qui n’a pas pu être lu

unreadable-over-limits = Ce message était trop volumineux pour être lu. Demandez qu’on vous le renvoie en plusieurs morceaux.
unreadable-not-for-this-device = Ce message n’a pas été chiffré pour cet appareil. Vos autres appareils l’ont peut-être ; les prochains le seront.
unreadable-in-room = Ce message a été chiffré, et Causerie ne sait pas encore lire les messages chiffrés dans les salons. Demandez qu’on le renvoie sans chiffrement, ou dans une discussion à deux.
unreadable-keys-lost = Ce message a été chiffré avec des clés que cet appareil n’a plus. Réparez le chiffrement, puis demandez qu’on vous le renvoie.
unreadable-no-keys-here = Ce message est chiffré et cet appareil n’a pas de clés pour le lire, car { $provider } ne peut pas les transmettre. Lisez-le sur un autre appareil, ou demandez qu’on vous l’envoie autrement.
unreadable-altered = Ce message a été abîmé ou modifié en route, on ne peut pas s’y fier. Demandez qu’on vous le renvoie ; si cela se répète, réparez le chiffrement.
unreadable-key-replaced = Ce message vient d’un appareil dont la clé a changé. Vérifiez les clés : si vous acceptez la nouvelle, le message sera lu. S’il ne l’est pas, demandez qu’on vous le renvoie.
unreadable-misdirected = Ce message n’a pas été écrit par la personne indiquée, ou pas pour vous : il n’est pas affiché. Si vous en attendiez un, demandez-lui par un autre moyen si elle l’a écrit, et de vous le renvoyer.
unreadable-early = Ce message pourra être lu dès que les précédents seront là. Causerie les récupère.
unreadable-delayed = Trop de messages illisibles sont arrivés de là : celui-ci sera examiné dans une minute. S’il reste illisible, demandez qu’on vous le renvoie.
unreadable-key-of-other = Ce message vient avec une clé connue comme celle de quelqu’un d’autre. Vérifiez les clés : si vous acceptez celle-ci, le message sera lu. En cas de doute, demandez à la personne, par un autre moyen, si elle l’a écrit.
unreadable-key-of-other-stranger = Ce message vient avec une clé connue comme celle de quelqu’un d’autre, d’une personne qui n’est pas dans vos contacts : il n’a été ni lu ni conservé. Si vous la connaissez, ajoutez-la à vos contacts et demandez-lui de le renvoyer.
unreadable-copied = Ce message a été envoyé par une autre copie de cet appareil, son texte n’est donc pas ici : une sauvegarde a été restaurée, ou les mêmes données servent à deux endroits. Si l’autre copie existe encore, lisez-y le message ; pour continuer à l’utiliser, reconnectez-y votre compte.
unreadable-not-shown = Ce message ne contient pas de texte, mais quelque chose que Causerie ne sait pas encore afficher, comme un fichier. Regardez-le avec un autre logiciel, ou demandez qu’on vous l’envoie autrement.
unreadable-not-kept = Ce message n’a pas pu être lu à son arrivée et n’a pas été conservé. Demandez qu’on vous le renvoie.
unreadable-malformed = Ce message est mal formé et n’a pas pu être lu. Demandez qu’on vous le renvoie ; si cela ne suffit pas, avec un autre logiciel.

## La connexion d’un compte

connection-offline = Hors ligne
connection-connecting = Connexion…
connection-signing-in = Identification…
connection-online = Connexion établie
connection-waiting = Hors ligne : envoi dès que possible

## Actions

action-back = Retour
action-connect = Se connecter
action-copy = Copier
action-cancel-message = Ne pas envoyer
action-reply = Répondre
action-edit-message = Modifier
action-delete-for-everyone = Supprimer pour tous
action-disconnect = Se déconnecter
action-enter-password = Saisir le mot de passe
action-save = Enregistrer
action-try-again = Réessayer
action-write = Écrire

## Avant d’avoir un compte

opening-refused = Causerie ne peut pas ouvrir votre historique
opening-folder = Ouvrir le dossier
opening-quit = Quitter
welcome-what = XMPP fonctionne comme le courrier électronique : il y a de nombreux fournisseurs, vous en choisissez un, et tout le monde peut écrire à tout le monde.
welcome-new = Je débute
welcome-new-note = Créez un compte en quelques étapes.
welcome-sign-in-note = Avec son adresse et son mot de passe.
welcome-invited = J’ai reçu une invitation
welcome-invited-note = Un lien ou un code QR.
welcome-private = Ce que vous écrivez à quelqu’un est chiffré de bout en bout : seules cette personne et vous pouvez le lire. Les fournisseurs voient toujours qui écrit à qui, à quel moment et à peu près combien.
welcome-sign-in = J’ai un compte

## Connexion

sign-in-title = Connexion
sign-in-again = Saisissez votre mot de passe
sign-in-address = Adresse
sign-in-address-hint = nom@exemple.fr
sign-in-password = Mot de passe
sign-in-show = Afficher le mot de passe
sign-in-hide = Masquer le mot de passe
sign-in-no-password = Saisissez le mot de passe de cette adresse.
sign-in-more-options = Plus d’options
sign-in-fewer-options = Moins d’options
sign-in-submit = Se connecter
server-address = Adresse du serveur
server-address-hint = xmpp.exemple.fr:5222
server-address-note = Seulement si votre fournisseur vous en a donné une. Son certificat doit toujours être au nom de votre fournisseur.
server-address-wrong = Ce n’est pas une adresse de serveur. Elle ressemble à xmpp.exemple.fr ou xmpp.exemple.fr:5222.
plain-title = Envoyer le mot de passe en clair ?
plain-question = { $provider } ne sait vérifier votre mot de passe qu’en le recevant. La connexion est chiffrée : seul { $provider } le verrait.
plain-allow = L’envoyer
downgrade-allow = Me connecter quand même
plain-refuse = Ne pas l’envoyer
keyring-title = Enregistrement du mot de passe
keyring-waiting = En attente du trousseau de votre système…
keyring-not-kept = Connexion réussie
keyring-absent = Votre système n’a pas de trousseau : Causerie ne peut pas garder votre mot de passe en sécurité. Il ne le met jamais dans un simple fichier.
keyring-locked = Le trousseau de votre système est resté verrouillé : votre mot de passe n’a pas été gardé.
keyring-failed = Le trousseau de votre système n’a pas accepté votre mot de passe.
keyring-note-now = Notez-le maintenant : Causerie vous le demandera à chaque démarrage.
keyring-ask-each-time = Me le demander chaque fois
password-needed-absent = Votre système n’a pas de trousseau pour garder votre mot de passe. Saisissez-le pour vous connecter.
password-needed-locked = Le trousseau est verrouillé. Saisissez votre mot de passe pour vous connecter.
password-needed-failed = Le trousseau n’a donné aucun mot de passe. Saisissez-le pour vous connecter.

## La liste

list = Conversations
list-filter = Rechercher ou écrire à quelqu’un
list-requests = Demandes
list-contacts = Contacts
list-empty = Aucune conversation pour l’instant
list-no-result = Personne de ce nom. Tapez une adresse entière pour ajouter quelqu’un.
list-news-elsewhere =
    { $count ->
        [one] Du nouveau dans un autre compte : tout afficher
       *[other] Du nouveau de { $count } personnes dans d’autres comptes : tout afficher
    }
list-add = Ajouter { $address }
list-of-account = compte { $account }
list-draft = Brouillon :
list-you = Vous :
list-failed = Non envoyé :
list-typing = est en train d’écrire…
list-unreadable = Message illisible
request-from = { $name } souhaite vous ajouter
request-moved = { $name } a changé d’adresse
request-moved-note = C’est { $old } qui le confirme. Si vous ajoutez la nouvelle adresse, elle reprend le nom et les groupes, et l’ancienne ne vous voit plus.
request-to = à { $account }
request-accept = Accepter
request-decline = Refuser
request-block = Bloquer

## Vous

own-accounts =
    { $count ->
        [one] { $count } compte
       *[other] { $count } comptes
    }
own-show = Afficher
own-all-accounts = Tous les comptes
own-change = Changer votre disponibilité
own-status = Statut
own-status-hint = Visible par vos contacts
own-set = Valider

## Une conversation

typing = { $name } est en train d’écrire…
timeline = Messages
timeline-jump = Aller au dernier message
timeline-older = Récupération de messages plus anciens…
timeline-new = Nouveaux messages
timeline-empty-title = Dites bonjour
timeline-empty = Aucun message pour l’instant. Ce que vous écrivez hors ligne partira plus tard.
timeline-notes-title = Vos notes
timeline-notes = Ce que vous écrivez ici ne va qu’à vous, sur vos appareils.
composer-hint = Écrire à { $name }…
composer-hint-clear = Écrire à { $name }, sans chiffrement…
composer-send = Envoyer
composer-too-long = C’est trop long pour un seul message. Envoyez-le en plusieurs fois.
composer-answers = Réponse à { $name } : { $text }
composer-answers-us = Réponse à votre message : { $text }
composer-corrects = Modification de votre message
encrypted = Chiffré de bout en bout
encrypted-what = Ce que vous écrivez ici est chiffré pour vous et { $name }, sur les appareils listés dans « Appareils et clés ». Le menu de chaque message indique comment il a été protégé.
to-be-encrypted = Chiffré avant l’envoi
to-be-encrypted-what = Ce que vous écrivez ici est chiffré pour vous et { $name } avant l’envoi. On ne sait pas encore si { $name } a un appareil capable de le lire.
not-yet-encrypted = Rien n’est encore envoyé
not-yet-encrypted-why = Ce que vous écrivez à { $name } ne peut pas être chiffré pour l’instant. Rien n’est envoyé en clair, sauf si vous le choisissez.
version-legacy = OMEMO
version-omemo-2 = OMEMO 2
clear-bar = Vos messages à { $name } ne sont pas chiffrés : les deux fournisseurs peuvent les lire.
no-keys-bar = { $name } n’a pas encore de logiciel capable de lire les messages chiffrés. Vous pouvez attendre, ou écrire sans chiffrement : les deux fournisseurs pourraient alors vous lire.
out-of-reach-bar = Les clés des appareils de { $name } ne peuvent pas être obtenues pour l’instant. Ce que vous écrivez attend et partira dès que le chiffrement sera possible. Sans chiffrement, les deux fournisseurs pourraient vous lire.
no-encryption-bar = { $provider } ne peut pas transmettre les clés nécessaires au chiffrement. Vous pouvez tout de même écrire sans : les deux fournisseurs pourraient alors vous lire.
undecided-bar = { $name } a de nouvelles clés. Rien n’est envoyé tant que vous n’avez pas décidé si elles sont bien les siennes.
refused-bar = Vous avez refusé toutes les clés de { $name }. Rien n’est envoyé tant que vous n’en avez pas accepté une.
action-encrypt = Chiffrer à nouveau
action-send-clear = Écrire sans chiffrement
action-try-again-clear = Envoyer sans chiffrement
action-look-at-keys = Voir les clés
action-new-keys = Continuer avec de nouvelles clés
message-unreached = Ne pourra pas être lu sur { $devices }.
message-unreached-more = { $count ->
    [one] Ne pourra pas être lu sur { $devices } et un autre appareil.
   *[other] Ne pourra pas être lu sur { $devices } et { $count } autres appareils.
}
message-unreached-beyond = { $count ->
    [one] Ne pourra pas être lu sur un appareil.
   *[other] Ne pourra pas être lu sur { $count } appareils.
}
unreached-beyond = { $count ->
    [one] { $name } a plus d’appareils que Causerie n’en prend en compte : l’un d’eux ne pourra pas lire ce message.
   *[other] { $name } a plus d’appareils que Causerie n’en prend en compte : { $count } d’entre eux ne pourront pas lire ce message.
}
unreached-no-keys = { $device } : ne pourra pas lire ce message, car ses clés sont restées introuvables.
unreached-undecided = { $device } : ne pourra pas lire ce message, car vous n’avez encore ni accepté ni refusé sa clé.
unreached-distrusted = { $device } : laissé de côté, car vous avez refusé sa clé.
device-of = { $device } ({ $name })
device-mine = { $device } (à vous)
devices = Appareils et clés
devices-none = Aucun de ses appareils connus ne peut lire les messages chiffrés.
devices-unknown = Les appareils de { $name } ne sont pas encore connus ici.
devices-why = Chaque appareil de { $name } a sa propre clé. Comparez les clés une bonne fois : personne ne pourra prendre leur place sans que cela se voie.
device-number = Appareil { $number }
device-gone = N’est plus utilisé
device-unlisted = Absent de la liste des appareils utilisés
device-keyless = Ses clés ne sont pas connues ici. Elles seront demandées à votre prochain message, qu’il ne pourra pas lire sans elles. Si vous n’utilisez plus cet appareil, retirez-le.
device-keyless-theirs = Sa clé n’est pas encore connue ici. Elle a été demandée : fermez ces détails et rouvrez-les pour la redemander. Votre prochain message la demandera aussi. Sans elle, cet appareil ne pourra pas lire ce que vous écrivez.
device-unwanted = Sera retiré à la prochaine connexion
device-known-since = Vu ici pour la première fois : { $when }
device-last-used = Dernier message : { $when }
device-never-used = Aucun message pour l’instant
device-here = Cet appareil
device-unknown = Un appareil inconnu ici
devices-gone =
    { $count ->
        [one] { $count } appareil qui n’est plus utilisé
       *[other] { $count } appareils qui ne sont plus utilisés
    }
trust-verified = Clé comparée par vous
trust-blind = Acceptée sans comparaison
trust-undecided = Nouvelle clé : rien ne lui est envoyé avant votre décision
trust-distrusted = Refusée : ne reçoit rien
trust-changed = Clé différente de la précédente : rien ne lui est envoyé avant votre décision
action-verified = Je l’ai comparée
action-unverify = Je ne l’ai pas comparée
action-trust = L’accepter
action-distrust = La refuser
action-remove-device = Retirer
remove-device-question = Retirer { $device } ? Plus personne ne lui écrira, il ne pourra donc plus lire les nouveaux messages. Un logiciel qui connaît encore votre mot de passe revient de lui-même : pour écarter un inconnu, changez aussi de mot de passe.
own-devices = Appareils et clés
own-devices-why = Voici les appareils qui lisent et écrivent des messages chiffrés en votre nom. Retirez ceux que vous ne reconnaissez pas.
own-devices-none = Cet appareil n’a pas encore de clés. Elles seront créées dès qu’il sera connecté.
own-devices-others = Vos autres appareils
action-compare = Comparer les clés
compare-title = Comparer les clés
compare-ours = Votre clé
compare-show = Faites scanner ce code à { $name } avec son logiciel, ou dictez-lui la clé.
compare-show-mine = Scannez ce code avec votre autre appareil, ou comparez la clé à l’œil.
compare-code = Code QR de votre clé
compare-copy = Copier le lien
compare-theirs = Les clés de { $name }
compare-other = Les clés de votre autre appareil
compare-take = Demandez son code ou son lien de vive voix ou au téléphone, pas dans cette conversation. Déposez ici une image du code, choisissez-en une, ou collez le lien.
compare-take-mine = Déposez ici une image du code affiché par votre autre appareil, choisissez-en une, ou collez le lien.
compare-choose = Choisir une image
compare-pictures = Images
compare-link = Lien
compare-reading = Lecture de l’image…
compare-unreadable = Ce fichier n’a pas pu être lu. Choisissez-en un autre.
compare-no-picture = Causerie ne reconnaît pas cette image. Les formats PNG et JPEG conviennent.
compare-no-code = Aucun code QR trouvé sur cette image. Essayez-en une plus nette, avec un peu de place autour du code.
compare-no-link = Ce n’est pas un lien avec des clés. Il commence par « xmpp » et contient de longs nombres.
compare-no-keys = Ce lien ne contient aucune clé que Causerie puisse comparer.
compare-too-long = Ce lien contient bien plus que les clés d’une seule personne. Il n’a pas été utilisé.
compare-malformed = Une clé de ce lien est abîmée : rien n’en a été utilisé. Redemandez le lien.
compare-somebody-else = Ces clés sont celles de { $other }, pas de { $name }. Rien n’a été comparé.
compare-differs = Une clé ne correspond pas. Un appareil de { $name } n’a pas ici la clé que donne le lien. Quelqu’un lit peut-être vos messages : n’écrivez rien de secret avant que { $name } vous l’ait expliqué.
compare-unknown =
    { $count ->
        [one] Aucun appareil de { $name } n’a jamais présenté une des clés de ce lien. Soit cet appareil est nouveau, soit le lien ne vient pas de { $name }.
       *[other] Aucun appareil de { $name } n’a jamais présenté { $count } des clés de ce lien. Soit ces appareils sont nouveaux, soit le lien ne vient pas de { $name }.
    }
compare-in-link = Dans le lien
compare-known-here = Connue ici
compare-nothing-known = Aucun appareil de { $name } n’est encore connu ici : ce lien ne peut être comparé à rien pour l’instant.
compare-awaited =
    { $count ->
        [one] Une clé de ce lien est pour un appareil dont la clé n’est pas encore connue ici. Elle a été demandée : revenez en arrière, fermez la liste des appareils et rouvrez-la pour la redemander. On ne peut rien en dire avant de l’avoir reçue.
       *[other] { $count } clés de ce lien sont pour des appareils dont les clés ne sont pas encore connues ici. Elles ont été demandées : revenez en arrière, fermez la liste des appareils et rouvrez-la pour les redemander. On ne peut rien en dire avant de les avoir reçues.
    }
compare-matches =
    { $count ->
        [one] La clé de { $name } correspond.
       *[other] { $count } clés de { $name } correspondent.
    }
compare-unnamed =
    { $count ->
        [one] Un autre appareil n’est pas dans le lien et reste comme il est.
       *[other] { $count } autres appareils ne sont pas dans le lien et restent comme ils sont.
    }
compare-before-confirming = Confirmez si { $name } vous a donné le code ou le lien en personne.
compare-confirm = Confirmer
compare-done = Vous l’avez confirmé.
details-repair = Réparer le chiffrement
repair-waiting = De nouvelles clés seront échangées à la prochaine connexion.
repair-begun = Échange de nouvelles clés…
repair-done = Les nouvelles clés sont en place. Demandez qu’on vous renvoie ce qui n’a pas pu être lu.
repair-failed = Aucune clé n’a pu être obtenue : rien n’a changé. Vérifiez votre connexion et réessayez, ou réessayez plus tard.
encryption-honesty = Le chiffrement protège ce qui est écrit. Les fournisseurs voient toujours qui écrit à qui, quand, et à peu près combien.
encryption-on-disk = Sur vos propres appareils, quiconque peut les déverrouiller peut lire les messages.
encryption-compare = Pour être sûr que personne ne s’est glissé entre vous, comparez une fois les clés avec { $name }.
notice-key-replaced = Un appareil de { $name } n’a plus la même clé. Quelqu’un a peut-être pris sa place : rien ne lui est envoyé tant que vous n’avez pas décidé.
notice-new-own-device = Un nouvel appareil a été ajouté à votre compte : { $device }. Si ce n’est pas vous qui l’avez ajouté, changez votre mot de passe et retirez l’appareil.
notice-keys-renewed = Cet appareil a de nouvelles clés, car les anciennes ne pouvaient plus servir sans risque. Votre historique est intact. Les personnes qui avaient comparé votre clé devront le refaire.
notice-keys-used-elsewhere = Un autre programme semble utiliser les clés de cet appareil, peut-être depuis une copie de cet ordinateur. Des messages pourraient ne pas arriver. Quittez ce programme ou retirez-en le compte ; si vous ne connaissez aucune copie, changez votre mot de passe.
notice-keys-not-published = Pour l’instant, on ne peut pas écrire à cet appareil de façon chiffrée. { $why }
not-encrypted = Non chiffré
message-undecided-device = D’un appareil que vous n’aviez pas encore accepté
message-distrusted-device = D’un appareil que vous aviez refusé
not-encrypted-why = Les messages sont chiffrés jusqu’aux fournisseurs et entre eux, mais pas de bout en bout : les deux fournisseurs peuvent les lire.
empty-nobody-title = Personne pour l’instant
empty-nobody = Ajoutez quelqu’un par son adresse pour commencer à discuter.
empty-choose-title = Choisissez une conversation
empty-choose = Choisissez quelqu’un à gauche, ou tapez une adresse dans la recherche.

## Ajouter quelqu’un

add-contact = Ajouter un contact
add-what = On demandera à cette personne si chacun peut voir la disponibilité de l’autre. Vous pouvez lui écrire tout de suite.
add-address = Son adresse
add-address-note = Ou collez le lien qu’on vous a donné.
add-invited = Cette personne vous a invité : elle n’aura rien à confirmer.
add-name = Nom
add-name-note = Celui que vous lui donnez. Seuls vous et votre fournisseur le voyez.
add-account = Depuis quel compte
add-submit = Ajouter
add-text-kept = Le lien apporte un texte pour cette personne. Vous le trouverez dans le champ de saisie ; rien ne part tant que vous ne l’envoyez pas.
add-write = Écrire sans ajouter
add-groups = Groupes dans vos contacts : { $groups }.
add-invite-note = Vous ne connaissez pas son adresse, ou cette personne n’en a pas encore ?

## Inviter quelqu’un

invite = Inviter quelqu’un
invite-what = Vous obtenez un lien et un code à transmettre : dans un message, par e-mail, sur papier.
invite-kind = Pour quoi faire
invite-talk = Pour discuter avec moi
invite-talk-note = Valable pour une seule personne, qui rejoint vos contacts sans qu’on vous le redemande.
invite-talk-here = Valable pour une seule personne, qui rejoint vos contacts sans qu’on vous le redemande. { $provider } ne crée pas ces liens, alors Causerie s’en charge : cet ordinateur la laisse entrer dès qu’il est en ligne.
invite-account = Pour avoir un compte chez { $provider }
invite-account-note = Valable pour un seul nouveau compte.
invite-address = Mon adresse, simplement
invite-address-note = Valable pour tout le monde, sans limite de temps. On vous demande votre accord avant d’ajouter quelqu’un à vos contacts.
invite-name = Nom du nouveau compte (facultatif)
invite-name-note = Ce qui précède @{ $provider }. Laissez vide pour que la personne le choisisse.
invite-make = Créer le lien
invite-waiting = En attente du lien de { $provider }…
invite-is-talk = La personne qui ouvre ce lien rejoint vos contacts sans qu’on vous le redemande.
invite-is-account = Avec ce lien, quelqu’un peut créer un compte chez { $provider }.
invite-is-address = Toute personne qui ouvre ce lien peut vous écrire et demander à rejoindre vos contacts. Il vaut pour tout le monde, sans limite de temps.
invite-once = Valable une fois, pour une seule personne.
invite-once-until = Valable une fois, pour une seule personne. Expire { $time }.
invite-by-us = Il ne vient pas de { $provider } : c’est Causerie, sur cet ordinateur, qui laisse entrer la personne. Tant qu’il n’est pas en ligne, elle attend.
invite-another = Un autre lien
invite-made = Créé { $time }.
invite-given = Liens que vous avez créés
invite-given-until = Créé { $made }. Expire { $end }.
invite-given-unknown = Il a peut-être déjà servi : votre fournisseur ne le dit pas.
handout-code = Code QR de ce lien
handout-copied = Le lien est copié.
handout-copied-page = Le lien web est copié.
handout-page-note = Le lien web sert aux personnes qui n’ont pas encore de logiciel pour cela.

## La page de quelqu’un

details = Détails
details-address = Adresse
details-copy = Copier l’adresse
details-share = Partager ce contact
details-share-what = Toute personne qui ouvre le lien ou scanne le code peut écrire à { $name } et demander à rejoindre ses contacts. { $name } ne saura pas que cela vient de vous.
details-availability = Disponibilité
details-name = Le nom que vous lui donnez
details-name-note = Seuls vous et votre fournisseur le voyez.
details-nickname = Se fait appeler { $name }
details-groups = Groupes
details-groups-note = Séparés par des virgules
details-add = Ajouter aux contacts
details-ask-again = Redemander
details-block = Bloquer
details-block-question = Bloquer { $name } ? Cette personne ne pourra plus vous écrire ni vous voir. Elle n’en saura rien.
details-unblock = Débloquer
details-remove = Retirer des contacts
details-remove-question = Retirer { $name } de vos contacts ? Vous ne verrez plus vos disponibilités respectives. Les messages restent.

## Ce qu’il faut savoir

notice-added-later = { $name } sera ajouté à vos contacts dès que Causerie sera de nouveau connecté.
notice-not-added = Impossible d’ajouter { $name }. { $why }
notice-arrived = { $name } a suivi votre invitation et fait maintenant partie de vos contacts.
notice-not-changed = Vos changements concernant { $name } n’ont pas été enregistrés. { $why }
notice-name-not-published = Votre nom n’a pas changé. { $why }
notice-picture-not-published = Votre photo n’a pas changé. { $why }
notice-password-not-changed = Votre mot de passe reste l’ancien. { $why }
notice-password-uncertain = La connexion a été coupée pendant le changement de mot de passe. Causerie va vérifier de lui-même lequel est le bon et vous le dira.
notice-account-not-deleted = Votre compte n’a pas été supprimé et rien n’a été effacé. { $why }
notice-account-maybe-deleted = On ne sait pas si votre compte a été supprimé. Rien n’a été effacé de cet ordinateur. { $why }
notice-move-not-announced = Vos contacts n’ont pas été prévenus de votre nouvelle adresse. { $why }
notice-invitation-not-made = Aucune invitation n’a pu être créée. { $why }
notice-no-archive = Votre fournisseur ne conserve pas les messages : ce que vos autres appareils reçoivent en l’absence de celui-ci n’apparaît pas ici.
notice-reading-not-shared = Votre fournisseur ne peut pas garder pour vous seul ce que vous avez lu : vos autres appareils n’en sont donc pas informés. Rien d’autre ne change.
notice-no-roster = Votre fournisseur n’a pas envoyé vos contacts. Vous voyez ceux de la dernière fois.
notice-not-stored = Votre demande n’a pas pu être enregistrée sur cet ordinateur. { $why }
unkept-full = Le disque est plein. Ce que vous avez écrit sera enregistré dès qu’il y aura de la place : ne l’écrivez pas une seconde fois et laissez Causerie ouvert.
unkept-read-only = Causerie ne peut pas écrire dans son dossier de données. Ce que vous avez écrit sera enregistré dès que possible : ne l’écrivez pas une seconde fois et laissez Causerie ouvert.
unkept-failed = L’écriture sur le disque a échoué. Ce que vous avez écrit sera enregistré dès qu’elle fonctionnera à nouveau : ne l’écrivez pas une seconde fois et laissez Causerie ouvert.
unkept = Messages pas encore enregistrés
unkept-message = Pas encore enregistré
unread = Causerie ne peut pas lire votre historique pour le moment. Ce que vous voyez n’est peut-être plus à jour ; la lecture reprendra d’elle-même.
leaving-unkept = Quelque chose que vous avez écrit n’est pas encore enregistré sur cet ordinateur. Si vous quittez maintenant, ce sera perdu.
leaving-stay = Rester
leaving-quit = Quitter quand même
notice-unreadable = Quelque chose d’illisible est arrivé et a été ignoré.
notice-unreadable-from = Un message de { $name } n’a pas pu être lu et a été ignoré. Si vous en attendiez un, ajoutez { $name } à vos contacts et demandez qu’on vous le renvoie.
notification-new-message = Nouveau message

## Liens qui ne mènent nulle part

link-no-address = Ce lien ne contient aucune adresse que Causerie puisse utiliser.
link-account-known = Vous avez déjà le compte { $name }. Rien n’a été fait.
link-remove = Ce lien demande de retirer { $name } de vos contacts. Causerie ne le fait jamais à cause d’un lien. Si vous le voulez, faites-le depuis la page de ce contact.
link-unregister = Ce lien demande de supprimer le compte { $name }. Causerie ne le fait jamais à cause d’un lien. S’il est à vous et que vous le voulez, supprimez-le dans les réglages, sous Comptes.
link-keys-of-stranger = Ce lien contient des clés de { $name }, avec qui vous n’avez pas de conversation. Commencez-en une, puis rouvrez le lien.
link-no-program = Aucun logiciel de cet ordinateur n’ouvre cette adresse.
link-room = { $name } est un salon. Causerie ne peut pas encore ouvrir les salons : copiez le lien pour l’ouvrir avec un autre logiciel.
link-unknown = Ce lien demande quelque chose que Causerie ne sait pas faire. Rien n’a été fait.
link-known = Ce lien mène à { $name } ({ $address }).
link-known-address = Ce lien mène à { $address }.
link-follow = Ouvrir la conversation
link-waits-sign-in = { $count ->
    [one] Le lien que vous avez ouvert attend que vous soyez connecté.
   *[other] Les { $count } liens que vous avez ouverts attendent que vous soyez connecté.
}
link-waits-settings = { $count ->
    [one] Le lien que vous avez ouvert attend que vous quittiez les réglages.
   *[other] Les { $count } liens que vous avez ouverts attendent que vous quittiez les réglages.
}
link-waits-back = { $count ->
    [one] Le lien que vous avez ouvert attend que vous reveniez à la fenêtre principale.
   *[other] Les { $count } liens que vous avez ouverts attendent que vous reveniez à la fenêtre principale.
}
link-waits-answer = { $count ->
    [one] Un autre lien que vous avez ouvert attend que vous en ayez fini avec celui-ci.
   *[other] { $count } autres liens que vous avez ouverts attendent que vous en ayez fini avec celui-ci.
}
link-waits-press = { $count ->
    [one] Un lien que vous avez ouvert attend.
   *[other] { $count } liens que vous avez ouverts attendent.
}
link-waits-show = Afficher
link-dropped = { $count ->
    [one] Un lien que vous avez ouvert n’a pas été gardé, car trop de liens attendent ou il est trop long. Rouvrez-le plus tard.
   *[other] { $count } liens que vous avez ouverts n’ont pas été gardés, car trop de liens attendent ou ils sont trop longs. Rouvrez-les plus tard.
}
link-dropped-seen = D’accord

## Réglages

settings = Réglages
settings-appearance = Apparence
settings-accounts = Comptes
settings-notifications = Notifications
settings-privacy = Confidentialité
settings-network = Réseau
settings-about = À propos
settings-language = Langue
appearance-colours = Couleurs
appearance-system = Comme le système
appearance-light = Clair
appearance-dark = Sombre
appearance-contrast = Contraste élevé
appearance-percent = { $percent } %
appearance-text-size = Taille du texte
appearance-larger = Texte plus grand
appearance-smaller = Texte plus petit
language-system = Celle du système
acceleration = Affichage
acceleration-automatic = Avec la carte graphique, s’il y en a une
acceleration-on = Toujours avec la carte graphique
acceleration-off = Sans la carte graphique
acceleration-note = Prend effet au prochain démarrage.
network-all = Comment Causerie accède au réseau
network-of = Comment { $account } accède au réseau
network-as-all = Comme tous les comptes
network-system = Selon les réglages de l’ordinateur
network-system-note = Par le proxy que donnent les variables ALL_PROXY ou HTTPS_PROXY, s’il y en a un.
network-straight = Directement
network-socks5 = Par un proxy SOCKS5
network-socks5-note = Pour Tor aussi. Le proxy reçoit le nom des serveurs ; aucune recherche de nom ne le contourne.
network-http = Par un proxy HTTP
network-http-note = Comme dans certaines entreprises. Aucune recherche de nom ne le contourne.
network-server = Adresse du proxy
network-server-wrong = Ce n’est pas une adresse de proxy. Elle ressemble à 127.0.0.1:9050 ou proxy.exemple.fr:3128.
network-user = Nom, si le proxy en demande un
network-password = Mot de passe
network-password-kept = Il est conservé dans votre trousseau.
network-password-not-kept = Sans trousseau, il ne peut pas être conservé : vous le saisirez à chaque démarrage.
network-password-length = Un proxy SOCKS5 accepte un nom et un mot de passe de 1 à 255 caractères.
network-unreadable = Les réglages du réseau sont illisibles : Causerie ne se connecte à personne. Refaites votre choix.
network-accounts = Pour un seul compte
network-change = Modifier pour { $account }
network-back = Tous les comptes
network-through = Par { $server }
network-unknown = Inconnu
network-settings = Réglages du réseau
network-open-page = Ouvrir une page web
accounts-add = Ajouter un compte
account-fetching = { $count ->
    [one] Récupération de ce que vous avez manqué : { $count } message jusqu’ici
   *[other] Récupération de ce que vous avez manqué : { $count } messages jusqu’ici
}
account-stop-fetching = Récupérer plus tard
account-start-fetching = Récupérer maintenant
account-not-fetched = Une partie de ce que vous avez manqué n’est pas encore là.
accounts-sign-out = Retirer de Causerie
accounts-sign-out-question = Retirer { $account } de Causerie ? Le compte lui-même reste chez votre fournisseur. Son mot de passe sera oublié ici dans tous les cas : sans lui, vous risquez de ne plus pouvoir vous connecter. Vérifiez d’abord que vous l’avez ailleurs, par exemple sur la fiche de secours. L’historique de cet ordinateur peut être gardé ou supprimé.
accounts-keep-history = Garder l’historique
accounts-delete-history = Supprimer l’historique
notifications-what = À l’arrivée d’un message
notifications-none = Ne rien afficher
notifications-name = Afficher qui a écrit
notifications-name-note = Le texte reste dans Causerie.
notifications-text = Afficher qui a écrit, et le texte
notifications-text-note = Quiconque voit votre écran peut le lire.
privacy-typing = Montrer aux autres que je suis en train d’écrire
privacy-typing-note = Ils le voient pendant que vous leur écrivez.
privacy-arrival = Indiquer à mes contacts que leurs messages sont arrivés
privacy-arrival-note = Leur logiciel l’affiche à côté du message.
privacy-reading = Indiquer à mes contacts que j’ai lu leurs messages
privacy-reading-note = Quand la conversation est devant vous.
privacy-sharing = Indiquer à mes contacts ma version de Causerie et mon heure locale
privacy-sharing-note = À vos contacts seulement, quand leur logiciel le demande.
about-version = Version { $version }
about-links = Liens
about-links-what = Sur les pages web, les adresses et les invitations sont souvent des liens XMPP, qui commencent par « xmpp ». Votre ordinateur peut les ouvrir avec Causerie.
about-links-open = Ouvrir les liens XMPP avec Causerie
about-links-asked = Votre ordinateur en est informé…
about-links-done = Désormais, les liens XMPP s’ouvrent avec Causerie.
about-links-done-file = Désormais, les liens XMPP s’ouvrent avec Causerie. Pour revenir en arrière, supprimez { $path }.
about-links-no-place = Causerie ne peut pas dire à votre ordinateur où se trouve le programme. Déplacez-le dans un dossier au nom plus simple, puis réessayez. Rien n’a été changé.
about-links-theirs = Il y a déjà un fichier { $path } que Causerie n’a pas écrit. Il est resté tel quel et rien n’a été changé. Déplacez-le, puis réessayez.
about-links-not-written = Impossible d’écrire le fichier { $path }. Rien n’a été changé.
about-links-no-tool = Il manque le programme xdg-mime, qui informe le bureau. Installez xdg-utils, puis réessayez.
about-links-refused = Votre ordinateur ouvre toujours les liens XMPP avec un autre logiciel. Choisissez Causerie pour ces liens dans ses réglages.
about-licence = Licence
about-licence-words = Logiciel libre sous la licence publique générale GNU Affero, version 3 ou ultérieure. Il est fourni sans aucune garantie.
about-parts = Fait avec
about-parts-words = Inter et JetBrains Mono (SIL Open Font License), Twemoji par Twitter et ses contributeurs (CC-BY 4.0), icônes Lucide (ISC), listes du projet XMPP Providers (CC0 1.0).
about-parts-crates = Les bibliothèques dont Causerie est fait, avec leurs licences et leurs auteurs, sont énumérées dans le fichier THIRD-PARTY-LICENCES.txt, fourni avec le programme dans son dossier share/doc/causerie.
accounts-sign-out-unadded = { $count ->
    [one] { $who } n’est pas encore dans vos contacts : votre fournisseur ne l’a pas encore confirmé. Sans le compte, cela ne se fera pas : notez l’adresse.
   *[other] { $count } personnes ne sont pas encore dans vos contacts : votre fournisseur ne l’a pas encore confirmé. Sans le compte, cela ne se fera pas : notez leurs adresses ({ $who }).
}
accounts-sign-out-undecided = On ne sait pas encore si { $provider } a pris en compte le nouveau mot de passe que vous avez choisi. Copiez-le et notez-le : c’est peut-être lui qui vous connectera désormais. Si l’historique reste, Causerie l’essaiera d’abord la prochaine fois, si votre trousseau l’a.

## Ce qu’on dit d’un fournisseur, chaque fois en quelques mots et sans point

provider-run-by-april = Géré par l’April, une association pour le logiciel libre en France
provider-run-by-person = Géré par une personne, sur son temps libre
provider-run-by-association = Géré par une association
provider-run-by-company = Géré par une entreprise
provider-run-by-public-body = Géré par un organisme public
provider-run-by-unknown = Ne dit pas qui le gère
provider-free = Gratuit
provider-paid = Payant
provider-on-web = Le compte se crée sur une page web
provider-no-registration = Ne dit pas comment obtenir un compte
provider-puzzle = Demande de résoudre une petite énigme en image
provider-email = Demande votre adresse e-mail
provider-reset = Peut remplacer un mot de passe perdu
provider-no-reset = Ne peut pas remplacer un mot de passe perdu
provider-file-size = Fichiers jusqu’à { $size } chacun
provider-files-size = { $size } de fichiers en tout
provider-files-kept =
    { $count ->
        [one] Fichiers gardés un jour
       *[other] Fichiers gardés { $count } jours
    }
provider-files-kept-always = Fichiers gardés aussi longtemps que le compte
provider-archive-kept =
    { $count ->
        [one] Messages gardés un jour, pour vos autres appareils
       *[other] Messages gardés { $count } jours, pour vos autres appareils
    }
provider-archive-kept-always = Messages gardés aussi longtemps que le compte, pour vos autres appareils
provider-countries = Serveurs : { $countries }
provider-since = Depuis { $year }
size-megabytes = { $count } Mo
size-gigabytes = { $count } Go
country-name =
    { $code ->
        [AD] Andorre
        [AR] Argentine
        [AT] Autriche
        [AU] Australie
        [BE] Belgique
        [BG] Bulgarie
        [BR] Brésil
        [BY] Biélorussie
        [CA] Canada
        [CH] Suisse
        [CL] Chili
        [CN] Chine
        [CO] Colombie
        [CY] Chypre
        [CZ] Tchéquie
        [DE] Allemagne
        [DK] Danemark
        [DZ] Algérie
        [EE] Estonie
        [EG] Égypte
        [ES] Espagne
        [FI] Finlande
        [FR] France
        [GB] Royaume-Uni
        [GR] Grèce
        [HK] Hong Kong
        [HR] Croatie
        [HU] Hongrie
        [ID] Indonésie
        [IE] Irlande
        [IL] Israël
        [IN] Inde
        [IR] Iran
        [IS] Islande
        [IT] Italie
        [JP] Japon
        [KR] Corée du Sud
        [LT] Lituanie
        [LU] Luxembourg
        [LV] Lettonie
        [MA] Maroc
        [MD] Moldavie
        [MX] Mexique
        [MY] Malaisie
        [NL] Pays-Bas
        [NO] Norvège
        [NZ] Nouvelle-Zélande
        [PE] Pérou
        [PL] Pologne
        [PT] Portugal
        [RO] Roumanie
        [RS] Serbie
        [RU] Russie
        [SE] Suède
        [SG] Singapour
        [SI] Slovénie
        [SK] Slovaquie
        [TN] Tunisie
        [TR] Turquie
        [TW] Taïwan
        [UA] Ukraine
        [US] États-Unis
        [UY] Uruguay
        [VN] Viêt Nam
        [ZA] Afrique du Sud
       *[other] { $code }
    }
language-name =
    { $code ->
        [ar] arabe
        [bg] bulgare
        [br] breton
        [ca] catalan
        [cs] tchèque
        [da] danois
        [de] allemand
        [el] grec
        [en] anglais
        [eo] espéranto
        [es] espagnol
        [et] estonien
        [eu] basque
        [fa] persan
        [fi] finnois
        [fr] français
        [gl] galicien
        [he] hébreu
        [hr] croate
        [hu] hongrois
        [id] indonésien
        [it] italien
        [ja] japonais
        [ko] coréen
        [lt] lituanien
        [lv] letton
        [nb] norvégien
        [nl] néerlandais
        [no] norvégien
        [oc] occitan
        [pl] polonais
        [pt] portugais
        [ro] roumain
        [ru] russe
        [sk] slovaque
        [sl] slovène
        [sr] serbe
        [sv] suédois
        [tr] turc
        [uk] ukrainien
        [vi] vietnamien
        [zh] chinois
       *[other] { $code }
    }

## Ce qui ne va pas avec un nom voulu devant le @

name-empty = Choisissez un nom.
name-space = Il n’y a pas d’espace dans un nom. Pourquoi pas { $name } ?
name-space-alone = Il n’y a pas d’espace dans un nom.
name-address = Seulement le nom, sans le fournisseur : { $name }
name-address-alone = Seulement le nom, sans le @ ni le fournisseur.
name-forbidden = Un nom ne peut pas contenir { $sign }.
name-too-long = Ce nom est trop long.
name-not-possible = Ce nom contient un caractère interdit.

## L’assistant : d’aucun compte à une première conversation

wizard-title-invited = Vous avez une invitation
wizard-title-provider = Choisissez votre fournisseur
wizard-title-identity = Nom d’utilisateur et mot de passe
wizard-title-asking = Quelques questions
wizard-title-puzzle = Une petite vérification
wizard-title-stuck = Pas encore de compte
wizard-title-unsure = Votre compte est-il créé ?
wizard-title-waiting = Un instant
wizard-title-made = Votre compte est créé
wizard-title-web = Créer le compte sur le web
wizard-title-ready = Votre compte est prêt
wizard-title-contact = Votre premier contact
wizard-on = Continuer
wizard-create = Créer le compte
wizard-add = Ajouter et écrire
wizard-leave = Terminer plus tard
wizard-never = Ne plus me le demander
wizard-never-sure = Causerie va oublier le mot de passe choisi pour { $address }. Si le compte existe, personne ne pourra s’y connecter sans lui : copiez-le d’abord si vous tenez à ce compte.
wizard-never-stay = Le garder
wizard-never-forget = L’oublier
wizard-doubt = On ne sait pas si { $address } a été créé : la réponse de { $provider } s’est perdue. Son mot de passe est conservé jusqu’à ce qu’on le sache.
wizard-doubt-web = Vous avez ouvert la page web de { $provider } pour créer { $address }. Le mot de passe affiché alors est conservé, jusqu’à ce que vous disiez qu’il ne sert plus.
wizard-doubt-find-out = Me connecter pour le savoir
wizard-web-other-password = Vous avez ouvert la page avec un autre mot de passe. Si vous y avez utilisé l’autre, reprenez-le : celui-ci ne vous connectera pas.
wizard-web-other-password-back = Reprendre le précédent
wizard-skip = Passer
wizard-step = Étape { $step } sur { $count }
wizard-link-waits = { $count ->
    [one] Le lien que vous avez ouvert attend la fin de ces premières étapes.
   *[other] Les { $count } liens que vous avez ouverts attendent la fin de ces premières étapes.
}
wizard-link-waits-answer = { $count ->
    [one] Le lien que vous avez ouvert attend cette réponse.
   *[other] Les { $count } liens que vous avez ouverts attendent cette réponse.
}
wizard-have-account = J’ai déjà un compte
wizard-have-invitation = J’ai une invitation
wizard-open-page = Ouvrir la page
wizard-their-words = Réponse du fournisseur : « { $words } »
wizard-waiting-connect = Connexion à { $provider }…
wizard-waiting-form = { $provider } prépare ses questions…
wizard-waiting-account = { $provider } crée votre compte…
wizard-waiting-sign-in = Votre compte est créé. Connexion à { $provider }…
wizard-waiting-sign-in-unknown = Connexion à { $provider }…

wizard-link = Invitation
wizard-link-note = Collez le lien reçu ou une image du code QR, ou déposez l’image sur cette fenêtre.
wizard-link-paste = Coller
wizard-link-nothing-pasted = Il n’y a rien à coller : ni texte, ni image. Copiez le lien, ou l’image du code, puis réessayez.
wizard-link-picture = Choisir une image du code
wizard-link-none = Causerie ne reconnaît là aucune invitation. Vérifiez que le lien est entier.
wizard-link-page = L’invitation se trouve sur une page web. Ouvrez { $page }, copiez le lien qui s’y trouve et collez-le ici.
wizard-link-page-with-token = Cette invitation est une page web, et ne dit pas d’elle-même où sera le compte. Ouvrez { $page }, copiez le lien qui s’y trouve et collez-le ici. Si vous savez que c’est chez { $provider }, continuez ainsi.
wizard-link-page-here = Le compte est chez { $provider }
wizard-invited-account = On vous invite à ouvrir un compte chez { $provider }.
wizard-invited-before = L’invitation précédente est conservée aussi : { $name }
wizard-invited-page-before = Revoir l’invitation de cette page
wizard-invited-contact = { $name } souhaite discuter avec vous. Il vous faut une adresse, chez le fournisseur de votre choix : vous pourrez vous écrire d’un fournisseur à l’autre.
wizard-invited-both = { $name } souhaite discuter avec vous, et vous invite à ouvrir un compte chez { $provider }. Un autre fournisseur convient tout aussi bien.

wizard-chapril = Notre suggestion : un service de l’April, association française pour le logiciel libre
wizard-terms = Lire ses conditions
wizard-more-providers = Choisir un autre fournisseur
wizard-fewer-providers = Masquer les autres fournisseurs
wizard-filter = Chercher, ou saisir un fournisseur
wizard-filter-hint = Un pays, une langue ou un nom comme exemple.fr
wizard-providers = Fournisseurs
wizard-any-provider = Le fournisseur de ce nom
wizard-no-provider = Aucun fournisseur ne correspond. Saisissez son nom entier, comme exemple.fr.
wizard-provider-source = D’après le projet XMPP Providers, qui vérifie ces fournisseurs chaque jour.
wizard-provider-unasked = On ne sait pas encore s’il accepte de nouveaux comptes
wizard-provider-asking = On demande à { $provider } s’il accepte de nouveaux comptes…
wizard-provider-open = Accepte de nouveaux comptes
wizard-provider-invitations = Accepte de nouveaux comptes, peut-être seulement sur invitation
wizard-provider-invitation-only = Seulement sur invitation : { $provider } n’accepte personne sans cela.
wizard-provider-web = Le compte se crée sur sa page web
wizard-provider-unreachable = { $provider } est introuvable pour le moment. Vérifiez votre réseau, ou choisissez un autre fournisseur : vous y joindrez les mêmes personnes.
wizard-provider-closed = { $provider } n’accepte pas de nouveaux comptes pour le moment.
wizard-provider-others = Vous pouvez en essayer un autre, d’où vous joindrez les mêmes personnes :

wizard-name = Nom d’utilisateur
wizard-name-hint = alice
wizard-name-note = Lettres, chiffres, points et traits d’union. La suite sera @{ $provider }.
wizard-name-address = Votre adresse : { $address }
wizard-name-taken = Ce nom est déjà pris chez { $provider }.
wizard-name-refused = { $provider } n’autorise pas ce nom. Choisissez-en un autre.
wizard-name-perhaps = Peut-être l’un de ceux-ci ?
wizard-password-way = Type de mot de passe
wizard-password-words = Facile à lire
wizard-password-signs = Lettres et chiffres
wizard-password-mine = Le mien
wizard-password-made = Choisi pour vous, et gardé dans le trousseau de votre système.
wizard-password-made-alone = Choisi pour vous.
wizard-password-made-unkept = Choisi pour vous. Votre système n’a pas de trousseau où le garder : notez-le maintenant.
wizard-password-renewed = C’est un nouveau mot de passe : le précédent n’a pas été utilisé.
wizard-password-renewed-perhaps = C’est un nouveau mot de passe. Si vous avez déjà utilisé le précédent, saisissez-le.
wizard-password-own = Mieux vaut long que compliqué. Il est gardé dans le trousseau de votre système.
wizard-password-own-alone = Mieux vaut long que compliqué.
wizard-password-own-unkept = Mieux vaut long que compliqué. Votre système n’a pas de trousseau où le garder : notez-le maintenant.
wizard-password-another = Un autre mot de passe
wizard-password-copy = Copier le mot de passe
wizard-password-none = Choisissez un mot de passe.
wizard-password-refused = Le fournisseur refuse ce mot de passe. Choisissez-en un autre.
wizard-no-reset = { $provider } ne peut pas vous redonner de mot de passe : notez celui-ci, ou gardez la fiche de secours proposée à la fin.
wizard-reset-unknown = On ne sait pas si { $provider } peut remplacer un mot de passe perdu : notez celui-ci, ou gardez la fiche de secours proposée à la fin.

wizard-puzzle = Votre réponse
wizard-puzzle-note = L’image indique ce qu’il faut saisir.
wizard-puzzle-picture = Petite énigme en image. Si vous ne la voyez pas ici, regardez-la dans le navigateur.
wizard-puzzle-wrong = Ce n’était pas la bonne réponse, ou elle est arrivée trop tard. Voici une nouvelle vérification ; le reste est conservé.
wizard-reload = Une autre image
wizard-reload-question = Une autre question
wizard-reload-in = { $what } ({ $seconds } s)
wizard-time-left = Il reste { $time }
wizard-form-page = L’ouvrir plutôt dans le navigateur
wizard-puzzle-page = Voir la vérification dans le navigateur
wizard-page-plain = Cette page n’est pas chiffrée : d’autres personnes sur votre réseau peuvent voir ce que vous y faites.
wizard-form-old = La vérification a expiré pendant votre absence. Ce que vous avez saisi est toujours là.
wizard-picture-coming = L’image arrive…
wizard-picture-too-large = L’image reçue est trop grande pour être affichée sans risque. Demandez-en une autre.
wizard-picture-broken = L’image n’est pas arrivée entière. Demandez-en une autre.
wizard-field = Réponse
wizard-field-nick = Pseudo
wizard-field-name = Nom complet
wizard-field-first = Prénom
wizard-field-last = Nom de famille
wizard-field-email = Adresse e-mail
wizard-field-address = Rue et numéro
wizard-field-city = Ville
wizard-field-state = État ou région
wizard-field-zip = Code postal
wizard-field-phone = Numéro de téléphone
wizard-field-url = Page web
wizard-field-date = Date
wizard-field-misc = Autre chose à signaler
wizard-field-text = Quelques mots
wizard-field-picture = Image du fournisseur
wizard-field-optional = { $name } (facultatif)
wizard-field-missing = Il faut une réponse ici.
wizard-email-note = Votre fournisseur pourra vous y écrire, par exemple si vous perdez votre mot de passe.
wizard-secret-note = Cela est envoyé à ce fournisseur. N’y saisissez jamais un mot de passe utilisé ailleurs.
wizard-answers-refused = Le fournisseur n’accepte pas l’une des réponses. Modifiez-la, puis réessayez : le reste est toujours là.
wizard-not-made = La connexion a été coupée et le compte n’a pas été créé. Réessayez ; ce que vous avez saisi est toujours là.
wizard-made-not-signed-in = Votre compte { $address } est créé. Il reste à vous connecter.
wizard-made-no-network = Votre compte { $address } est créé, mais { $provider } est injoignable pour l’instant. Causerie vous connectera dès le retour du réseau.
wizard-perhaps-no-network = On ne sait pas encore si { $address } a été créé : { $provider } est injoignable pour l’instant. Causerie le vérifiera dès le retour du réseau. Rien de ce que vous avez saisi n’est perdu.
wizard-elsewhere = Ou changez de fournisseur
wizard-elsewhere-kept = Votre nom et votre mot de passe vous suivent.
wizard-other-provider = Un autre fournisseur
wizard-website = Ouvrir sa page web

wizard-web-first = 1. Créer le compte
wizard-web-first-note = { $provider } crée les comptes sur sa propre page web. Ouvrez-la, puis choisissez‑y un nom et un mot de passe.
wizard-web-first-ours = { $provider } crée les comptes sur sa propre page web. Ouvrez-la, puis saisissez‑y le nom et le mot de passe ci-dessous.
wizard-web-no-page = { $provider } crée les comptes sur sa propre page web, sans dire laquelle. Cherchez-la dans votre navigateur.
wizard-web-second = 2. Se connecter
wizard-web-second-note = Saisissez ensuite ici ce que vous y avez choisi.
wizard-web-second-ours = La page a exigé un autre nom ou mot de passe ? Saisissez-le ici.

wizard-ready = Votre adresse est { $address }.
wizard-shown-name = Comment les autres vous voient
wizard-shown-name-hint = Votre nom
wizard-shown-name-note = Laissez vide pour n’afficher que votre adresse.
wizard-picture-choose = Ajouter une image
wizard-picture-other = Une autre image
wizard-picture-remove = Retirer
wizard-picture-note = Le lieu et la date de la prise de vue en sont effacés.
wizard-picture-seen = Les autres voient encore l’image d’avant.
wizard-picture-not-shown = Votre image n’a pas pu être préparée : les autres ne la voient pas. { $why }
wizard-crop = La partie de l’image que les autres voient. Les flèches la déplacent, + et − l’agrandissent ou la réduisent.
wizard-crop-note = Faites glisser l’image ou utilisez les flèches. La molette, + et − l’agrandissent ou la réduisent. Les autres voient ce qui est dans le cercle.
wizard-crop-nearer = Agrandir
wizard-crop-further = Réduire
wizard-sheet = Fiche de secours
wizard-sheet-what = Tout ce qu’il faut pour vous connecter ailleurs, à imprimer ou à garder. Si vous perdez le mot de passe, { $provider } ne pourra peut-être pas vous rendre l’accès.
wizard-sheet-password = Y inscrire le mot de passe
wizard-sheet-pdf = Enregistrer en PDF
wizard-sheet-png = Enregistrer en image (PNG)
wizard-sheet-writing = Préparation de la fiche…
wizard-sheet-written = Fiche enregistrée : { $path }
wizard-sheet-open = L’ouvrir pour l’imprimer

wizard-contact = L’adresse de quelqu’un
wizard-contact-note = Tous les fournisseurs conviennent. On demandera à cette personne si vous pouvez voir quand elle est en ligne.
wizard-own = Votre adresse, à donner
wizard-own-note = Quiconque ouvre le lien ou scanne le code peut vous écrire.
wizard-own-code = Code QR de votre adresse
wizard-copied = Copié.
wizard-copy-address = Copier l’adresse
wizard-copy-link = Copier le lien
wizard-copy-page = Copier un lien web
wizard-contact-named = Dans vos contacts, cette personne s’appelle « { $name } ».
wizard-room = Des questions sur { $provider } ? On y répond dans son salon public, { $room }. D’autres logiciels XMPP l’ouvrent avec cette adresse.
wizard-room-copy = Copier l’adresse du salon
wizard-note = M’écrire une note
wizard-later = Plus tard

refusal-too-many-accounts = Un compte a été créé récemment chez { $provider } depuis votre réseau, peut-être par quelqu’un d’autre. Réessayez maintenant, ou changez de fournisseur.
refusal-too-many-accounts-until = Un compte a été créé récemment chez { $provider } depuis votre réseau, peut-être par quelqu’un d’autre. Le prochain sera possible à { $time }, ou tout de suite depuis un autre réseau ; vous pouvez aussi changer de fournisseur.
refusal-too-many-accounts-usual = Un compte a été créé récemment chez { $provider } depuis votre réseau, peut-être par quelqu’un d’autre. La durée d’attente n’est pas précisée ; dix minutes sont habituelles. Réessayez à { $time }, ou tout de suite depuis un autre réseau ; vous pouvez aussi changer de fournisseur.
refusal-too-many-forms = { $provider } a reçu trop de demandes en peu de temps. Attendez une minute, puis réessayez.
refusal-too-many-forms-until = { $provider } a reçu trop de demandes en peu de temps. Réessayez à { $time }.
refusal-password = { $provider } refuse ce mot de passe. Choisissez-en un autre.
refusal-puzzle = La vérification a échoué, ou elle est arrivée trop tard. Essayez-en une autre.
refusal-answers = { $provider } n’accepte pas l’une des réponses. Modifiez-la, puis réessayez.
refusal-invitation-needed = { $provider } n’ouvre de comptes que sur invitation. Rien de ce que vous avez saisi n’est perdu : continuez avec une invitation, ou changez de fournisseur.
refusal-invitation-invalid = Cette invitation a déjà servi, ou elle a expiré. Demandez-en une autre, ou changez de fournisseur.
refusal-on-the-web = { $provider } crée les comptes sur sa propre page web.
refusal-closed = { $provider } n’accepte pas de nouveaux comptes pour le moment. Rien de ce que vous avez saisi n’est perdu.
refusal-refused = { $provider } n’a pas accepté la demande. Réessayez plus tard, ou choisissez un autre fournisseur.
refusal-not-supported = { $provider } ne crée pas de comptes depuis un logiciel comme celui-ci. Cherchez sur son site, ou choisissez un autre fournisseur.
refusal-not-served = Ce qui répond pour { $provider } ne connaît pas ce nom. Vérifiez-le, ou choisissez un autre fournisseur.
refusal-unknown-host = Aucun fournisseur ne s’appelle { $provider }. Vérifiez le nom, ou changez de fournisseur.
refusal-no-service = { $provider } indique ne pas proposer de messagerie. Vérifiez le nom, ou changez de fournisseur.
refusal-policy = { $provider } a fermé la connexion, car ses règles l’exigent. Attendez quelques minutes, ou choisissez un autre fournisseur.
refusal-no-tls = Aucune connexion chiffrée avec { $provider } n’a pu être établie : rien n’a été envoyé. Essayez un autre réseau, ou changez de fournisseur.
refusal-certificate-unknown = Aucune autorité reconnue par cet ordinateur ne garantit { $provider }. Quelqu’un s’est peut-être interposé : essayez un autre réseau, ou changez de fournisseur. Rien n’a été envoyé.
refusal-certificate-expired = Le certificat de { $provider } a expiré : rien ne prouve que c’est bien lui. Vérifiez l’heure de votre ordinateur ; si elle est juste, changez de fournisseur. Rien n’a été envoyé.
refusal-certificate-bad = Le certificat de { $provider } n’est pas en règle : rien ne prouve que c’est bien lui. Changez de fournisseur. Rien n’a été envoyé.
refusal-not-allowed = { $provider } ne l’a pas permis. Essayez un autre réseau, ou changez de fournisseur.
refusal-form = { $provider } demande quelque chose que Causerie ne comprend pas. Sa page web peut aider ; vous pouvez aussi changer de fournisseur.
refusal-unknown = La connexion a été coupée avant la réponse de { $provider }. Connectez-vous pour savoir si votre compte a été créé.
wizard-invited-again = Revoir cette invitation
wizard-doubt-unkept = On ne sait pas si { $address } a été créé : la réponse de { $provider } s’est perdue. Aucun trousseau n’a pris son mot de passe, et Causerie l’oubliera quand vous quitterez : copiez-le et notez-le maintenant.
wizard-doubt-web-unkept = Vous avez ouvert la page web de { $provider } pour créer { $address }. Aucun trousseau n’a pris le mot de passe affiché alors, et Causerie l’oubliera quand vous quitterez : copiez-le et notez-le maintenant.
wizard-doubt-lost = On ne sait pas si { $address } a été créé : la réponse de { $provider } s’est perdue. Aucun trousseau n’a pris son mot de passe, et Causerie ne le connaît plus : utilisez celui que vous avez noté.
wizard-doubt-web-lost = Vous avez ouvert la page web de { $provider } pour créer { $address }. Aucun trousseau n’a pris le mot de passe affiché alors, et Causerie ne le connaît plus : utilisez celui que vous avez noté.

## Le chemin d’un fichier, quand le bureau n’a pas de fenêtre pour en choisir un

path-field = Chemin du fichier
path-why = Votre système n’a pas de fenêtre pour choisir des fichiers.
path-note-read = Par exemple ~/Images/portrait.png. Vous pouvez aussi déposer le fichier sur cette fenêtre.
path-note-write = Le dossier, puis le nom du fichier à créer.
path-open = Ouvrir
path-save = Enregistrer
path-no-file = Aucun fichier ne porte ce nom. Vérifiez le chemin.
path-no-folder = Ce dossier n’existe pas. Vérifiez le chemin.
path-taken = Un fichier porte déjà ce nom. Choisissez-en un autre.

## L’image d’un compte

portrait-unreadable = Impossible de lire ce fichier. Choisissez-en un autre.
portrait-too-large = Cette image est trop grande. Choisissez-en une plus petite.
portrait-no-picture = Ce n’est pas une image que Causerie comprend. Choisissez un fichier PNG, JPEG, WebP ou GIF.

## La fiche qui permet de retrouver un compte

recovery-title = Votre compte, sur papier
recovery-what = Gardez cette fiche en lieu sûr. Avec elle, vous pourrez vous reconnecter sur n’importe quel appareil, même sans cet ordinateur.
recovery-address = Adresse
recovery-password = Mot de passe
recovery-password-blank = Écrivez-le ici à la main, si vous le souhaitez.
recovery-provider = Fournisseur
recovery-terms = Conditions d’utilisation
recovery-lost = Si vous perdez le mot de passe
recovery-no-reset = { $provider } ne peut pas le remplacer : sans le mot de passe, il n’y a plus moyen de retrouver le compte.
recovery-reset = { $provider } le remplace sur cette page : { $page }
recovery-ask = Adressez-vous à { $provider }.
recovery-elsewhere = Pour vous connecter ailleurs
recovery-install = 1. Installez Causerie ou une autre application XMPP. Il en existe pour tous les ordinateurs et téléphones : https://xmpp.org/software/
recovery-sign-in = 2. Indiquez que vous avez déjà un compte.
recovery-type = 3. Saisissez l’adresse et le mot de passe. Vos contacts sont là aussitôt ; les messages chiffrés restent sur les appareils qui les ont reçus.
recovery-code = Avec ce code, les autres vous ajoutent.
recovery-not-saved = Impossible d’enregistrer la fiche à cet endroit. Choisissez un autre dossier.
recovery-no-password = Le mot de passe n’est pas conservé sur cet appareil : il ne peut pas figurer sur la fiche. Enregistrez-la sans lui, puis notez-le à la main.
recovery-not-made = Impossible de créer la fiche. Notez l’adresse et le mot de passe à la main.

## Réglages : ce qu’on fait rarement avec un compte

accounts-more = Plus
colour-none = Aucune
colour-blue = Bleu
colour-teal = Turquoise
colour-green = Vert
colour-amber = Ambre
colour-orange = Orange
colour-red = Rouge
colour-pink = Rose
colour-violet = Violet
upkeep-order = Ordre
upkeep-up = Monter
upkeep-down = Descendre
upkeep-colour = Couleur
upkeep-online-only = Certaines de ces actions demandent d’être connecté.
upkeep-password = Changer le mot de passe
upkeep-new-password = Nouveau mot de passe
upkeep-password-note = L’actuel reste valable tant que votre fournisseur n’a pas accepté celui-ci. Vos autres appareils le demanderont.
upkeep-password-asked = En attente de l’accord de votre fournisseur…
upkeep-password-changed = Le mot de passe est changé, et gardé dans le trousseau de votre système.
upkeep-password-changed-alone = Le mot de passe est changé.
upkeep-password-unkept = Votre nouveau mot de passe n’est dans aucun trousseau. { $why } Notez-le maintenant.
upkeep-password-noted = C’est noté
upkeep-profile = Nom et image
upkeep-profile-asked = Les autres le verront dès que votre fournisseur l’aura reçu.
upkeep-export = Enregistrer les contacts dans un fichier
upkeep-export-title = Enregistrer les contacts
upkeep-export-file = contacts.csv
upkeep-exported = Enregistré : { $path }
upkeep-not-exported = Le fichier n’a pas pu être écrit là. Choisissez un autre dossier.
upkeep-import = Ajouter des contacts depuis un fichier
upkeep-import-title = Choisir une liste de contacts
upkeep-lists = Listes
upkeep-found = { $count ->
    [one] Une adresse trouvée. On demandera l’accord de cette personne.
   *[other] { $count } adresses trouvées. On demandera l’accord de chaque personne.
    } { $unread ->
    [0] { "" }
    [one] Une ligne sans adresse est laissée de côté.
   *[other] { $unread } lignes sans adresse sont laissées de côté.
    }
upkeep-add-them = Les ajouter
upkeep-adding = { $done ->
    [one] { $done } ajouté
   *[other] { $done } ajoutés
    }, { $waiting ->
    [one] { $waiting } restant
   *[other] { $waiting } restants
    }, { $failed ->
    [one] { $failed } impossible
   *[other] { $failed } impossibles
    }. Causerie continue dès qu’il est ouvert et connecté.
upkeep-added = { $done ->
    [one] { $done } ajouté
   *[other] { $done } ajoutés
    }, { $failed ->
    [one] { $failed } impossible
   *[other] { $failed } impossibles
    }.
upkeep-stop = Arrêter
upkeep-no-file = Ce fichier n’a pas pu être lu.
upkeep-too-large = Ce fichier est trop gros pour une liste de contacts.
upkeep-too-many = Il y a trop de contacts pour un seul fichier : répartissez-les dans plusieurs fichiers.
upkeep-no-addresses = Il n’y a aucune adresse dans ce fichier. Chaque ligne devrait commencer par une adresse, comme nom@exemple.fr.
upkeep-move = J’ai déménagé
moving-what = Les personnes qui vous voient à l’adresse { $old } apprennent que vous en avez une autre, et décident elles-mêmes de l’ajouter ou non. Ce compte reste en place, et les messages y arrivent toujours.
moving-address = Ma nouvelle adresse
moving-mine = Vos autres comptes ici :
moving-same = C’est l’ancienne adresse.
moving-told = Vos contacts le savent déjà.
moving-question = Annoncer à tous ceux qui vous voient à l’adresse { $old } que vous êtes désormais à l’adresse { $new } ? Vous pourrez revenir dessus, mais pas auprès de ceux qui l’auront déjà lu.
moving-confirm = L’annoncer
moving-asked = Annonce à vos contacts…
moving-state = Vos contacts sont informés de votre nouvelle adresse : { $new }
moving-back = Annuler l’annonce
moving-back-asked = Annulation de l’annonce…
moving-back-done = Votre déménagement n’est plus annoncé à personne.
moving-not-back = Votre déménagement est toujours annoncé à vos contacts. { $why }
moving-along = Emmener les contacts
moving-offer =
    { $count ->
        [one] { $old } a déménagé ici. Un contact n’y est pas encore : on lui demandera son accord, en précisant que c’est vous.
       *[other] { $old } a déménagé ici. { $count } contacts n’y sont pas encore : on demandera l’accord de chacun, en précisant que c’est vous.
    }
moving-take = Les emmener
upkeep-delete = Supprimer le compte
upkeep-delete-what = { $account } sera supprimé chez { $provider }, avec ses contacts et ce qui y est conservé, et ici avec son historique. Personne ne pourra le rétablir, et quelqu’un d’autre pourra prendre ce nom.
upkeep-delete-type = Saisissez l’adresse pour confirmer
upkeep-delete-confirm = Supprimer définitivement
upkeep-deletion-asked = En attente de la suppression par votre fournisseur…
