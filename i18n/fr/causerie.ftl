# Les mots de Causerie, en français. On vouvoie. Espace fine insécable (U+202F) devant ; ! ?, espace insécable (U+00A0)
# devant : et à l’intérieur des « guillemets ». Apostrophe courbe. Les majuscules gardent leurs accents.

## Dates, heures

day-today = Aujourd’hui
day-yesterday = Hier
moment = { $day }, { $time }

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
problem-certificate-expired = Le certificat de { $provider } a expiré : rien ne prouve que c’est bien lui. Vérifiez l’heure de votre ordinateur ; si elle est juste, prévenez votre fournisseur. Rien n’a été envoyé.
problem-certificate-not-yet-valid = Le certificat de { $provider } n’est pas encore valable. L’horloge de votre ordinateur est sans doute déréglée : mettez-la à l’heure, puis réessayez. Rien n’a été envoyé.
problem-certificate-wrong-name = Ce qui a répondu n’est pas { $provider } : son certificat porte un autre nom. Vérifiez l’adresse ; sur un Wi-Fi public, ouvrez d’abord une page web pour vous y identifier. Rien n’a été envoyé.
problem-certificate-unknown-issuer = Aucune autorité reconnue par cet ordinateur ne garantit { $provider }. Quelqu’un s’est peut-être interposé : essayez un autre réseau et prévenez votre fournisseur. Rien n’a été envoyé.
problem-certificate-revoked = Le certificat de { $provider } a été révoqué. Attendez que votre fournisseur l’ait remplacé. Rien n’a été envoyé.
problem-certificate-invalid = Le certificat de { $provider } n’est pas en règle : rien ne prouve que c’est bien lui. Prévenez votre fournisseur. Rien n’a été envoyé.
problem-wrong-password = L’adresse ou le mot de passe est incorrect. Les majuscules comptent dans le mot de passe.
problem-password-needed = Causerie n’a pas votre mot de passe. Saisissez-le pour vous connecter.
problem-account-disabled = { $provider } a désactivé ce compte. Seul votre fournisseur peut le rouvrir.
problem-authentication-unavailable = { $provider } ne peut pas vérifier les mots de passe pour le moment. Le vôtre est peut-être bon : réessayez plus tard.
problem-server-too-weak = { $provider } ne propose aucun moyen de se connecter qui protège votre mot de passe : il n’a pas été envoyé. Parlez-en à votre fournisseur, ou choisissez-en un autre.
problem-keys-locked = Votre trousseau est verrouillé, et avec lui les clés de vos messages. Déverrouillez-le et réessayez : rien n’est perdu. De nouvelles clés permettent de s’en passer, mais il faudra comparer de nouveau la vôtre.
problem-no-keys = Votre correspondant n’a aucun appareil capable de lire un message chiffré. Votre message n’a pas été envoyé.
problem-keys-undecided = Votre correspondant a de nouvelles clés. Votre message partira quand vous aurez décidé de leur faire confiance ou non.
problem-downgrade = { $provider } protégeait mieux votre mot de passe auparavant. Quelqu’un s’est peut-être interposé : rien n’a été envoyé. Essayez un autre réseau, ou demandez à votre fournisseur s’il a changé quelque chose.
problem-server-not-proved = { $provider } n’a pas pu prouver qu’il connaît votre mot de passe. Quelqu’un s’est peut-être interposé. Essayez un autre réseau, et parlez-en à votre fournisseur.
problem-plain-only = { $provider } n’accepte le mot de passe qu’en clair. Votre accord est nécessaire avant de l’envoyer.
problem-wrong-address = { $provider } a ouvert votre session sous une autre adresse que la vôtre. La connexion a été fermée : parlez-en à votre fournisseur.
problem-bind-failed = { $provider } n’a pas pu ouvrir votre compte. Réessayez plus tard ; si cela persiste, parlez-en à votre fournisseur.
problem-conflict = Un autre programme s’est connecté à la place de celui-ci. Fermez-le, puis réessayez.
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
problem-disk-full = Le disque est plein : plus rien ne peut être conservé. Faites de la place, puis réessayez.
problem-disk-read-only = Causerie ne peut pas écrire dans son dossier de données. Vérifiez les droits de ce dossier.
problem-disk-failed = La lecture ou l’écriture du dossier de données a échoué. Vérifiez le disque, puis relancez Causerie.
problem-database-newer = Votre historique vient d’une version plus récente de Causerie. Il est intact : réinstallez cette version.
problem-database-damaged = Votre historique est endommagé. Il a été laissé tel quel : remplacez-le par une sauvegarde, ou déplacez-le pour repartir de zéro.
problem-already-running = Causerie est déjà ouvert avec ce dossier de données. Utilisez cette fenêtre-là.
problem-internal = Une erreur s’est produite dans Causerie. Réessayez ; rien de ce qui était enregistré n’est perdu.

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

unreadable-over-limits = Ce message était trop volumineux pour être lu.
unreadable-not-for-this-device = Ce message n’a pas été chiffré pour cet appareil. Vos autres appareils l’ont peut-être ; les prochains le seront.
unreadable-keys-lost = Ce message a été chiffré avec des clés que cet appareil n’a plus. Réparez le chiffrement, puis demandez qu’on vous le renvoie.
unreadable-altered = Ce message a été abîmé ou modifié en route, on ne peut pas s’y fier. Demandez qu’on vous le renvoie ; si cela se répète, réparez le chiffrement.
unreadable-key-replaced = Ce message vient d’un appareil dont la clé a changé. Vérifiez les clés avant de lui faire confiance.
unreadable-misdirected = Ce message n’a pas été écrit par la personne indiquée, ou pas pour vous. Il n’est pas affiché.
unreadable-malformed = Ce message n’a pas pu être lu.

## La connexion d’un compte

connection-offline = Hors ligne
connection-connecting = Connexion…
connection-signing-in = Identification…
connection-online = Connexion établie
connection-waiting = Hors ligne : envoi au retour

## Actions

action-back = Retour
action-connect = Se connecter
action-copy = Copier
action-disconnect = Se déconnecter
action-enter-password = Saisir le mot de passe
action-save = Enregistrer
action-try-again = Réessayer

## Avant d’avoir un compte

opening-refused = Causerie ne peut pas ouvrir votre historique
opening-folder = Ouvrir le dossier
opening-quit = Quitter
welcome-what = Un endroit calme pour discuter. Vous avez une adresse chez le fournisseur de votre choix, comme pour le courrier électronique, et vous joignez tout le monde sur XMPP.
welcome-sign-in = J’ai un compte
welcome-no-account = Vous ne pouvez pas encore créer de compte depuis Causerie. En attendant, créez-en un sur le site d’un fournisseur.
welcome-providers = Trouver un fournisseur

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
keyring-absent = Ce bureau n’a pas de trousseau : Causerie ne peut pas garder votre mot de passe en sécurité. Il ne le met jamais dans un simple fichier.
keyring-locked = Le trousseau de votre système est resté verrouillé : votre mot de passe n’a pas été gardé.
keyring-failed = Le trousseau de votre système n’a pas accepté votre mot de passe.
keyring-ask-each-time = Me le demander chaque fois
password-needed-absent = Ce bureau n’a pas de trousseau pour garder votre mot de passe. Saisissez-le pour vous connecter.
password-needed-locked = Le trousseau est verrouillé. Saisissez votre mot de passe pour vous connecter.
password-needed-failed = Le trousseau n’a donné aucun mot de passe. Saisissez-le pour vous connecter.

## La liste

list = Conversations
list-filter = Rechercher ou écrire à quelqu’un
list-requests = Demandes
list-contacts = Contacts
list-empty = Personne pour l’instant
list-no-result = Personne de ce nom. Tapez une adresse entière pour ajouter quelqu’un.
list-add = Ajouter { $address }
list-draft = Brouillon :
list-you = Vous :
list-failed = Non envoyé :
list-typing = est en train d’écrire…
list-unreadable = Message illisible
request-from = { $name } souhaite vous ajouter
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
own-change = Changer votre disponibilité
own-status = Statut
own-status-hint = Visible par vos contacts
own-set = Valider

## Une conversation

typing = { $name } est en train d’écrire…
timeline = Messages
timeline-jump = Aller au dernier message
timeline-new = Nouveaux messages
timeline-empty-title = Dites bonjour
timeline-empty = Rien n’a encore été dit ici. Ce que vous écrirez à { $name } restera là, même hors ligne.
composer-hint = Écrire à { $name }…
composer-hint-clear = Écrire à { $name }, sans chiffrement…
composer-send = Envoyer
composer-too-long = C’est trop long pour un seul message. Envoyez-le en plusieurs fois.
encrypted = Chiffré de bout en bout
encrypted-what = Seuls vous et { $name } pouvez lire ce qui s’écrit ici, sur les appareils listés dans « Appareils et clés ».
not-yet-encrypted = Rien n’est encore envoyé
not-yet-encrypted-why = Ce que vous écrivez à { $name } ne peut pas être chiffré pour l’instant. Rien n’est envoyé en clair, sauf si vous le choisissez.
version-legacy = OMEMO
version-omemo-2 = OMEMO 2
clear-bar = Vos messages à { $name } ne sont pas chiffrés : les deux fournisseurs peuvent les lire.
no-keys-bar = { $name } n’a pas encore de logiciel capable de lire les messages chiffrés. Vous pouvez attendre, ou écrire sans chiffrement : les deux fournisseurs pourraient alors vous lire.
no-encryption-bar = { $provider } ne peut pas transmettre les clés nécessaires au chiffrement. Vous pouvez tout de même écrire sans : les deux fournisseurs pourraient alors vous lire.
undecided-bar = { $name } a de nouvelles clés. Rien n’est envoyé tant que vous n’avez pas décidé si elles sont bien les siennes.
action-encrypt = Chiffrer à nouveau
action-send-clear = Écrire sans chiffrement
action-look-at-keys = Voir les clés
action-new-keys = Continuer avec de nouvelles clés
message-unreached = { $count ->
    [one] Un appareil n’a pas pu être joint et ne pourra pas lire ce message.
   *[other] { $count } appareils n’ont pas pu être joints et ne pourront pas lire ce message.
}
devices = Appareils et clés
devices-none = Aucun de ses appareils connus ne peut lire les messages chiffrés.
devices-why = Chaque appareil de { $name } a sa propre clé. Comparez les clés une bonne fois : personne ne pourra prendre leur place sans que cela se voie.
device-number = Appareil { $number }
device-gone = N’est plus utilisé
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
action-unverify = Pas comparée, en fait
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
encryption-honesty = Le chiffrement protège ce qui est écrit. Les fournisseurs voient toujours qui écrit à qui, quand, et à peu près combien.
encryption-on-disk = Sur vos propres appareils, les messages sont lisibles par quiconque peut les déverrouiller.
encryption-compare = Pour être sûr que personne ne s’est glissé entre vous, comparez une fois les clés avec { $name }.
notice-key-replaced = Un appareil de { $name } n’a plus la même clé. Quelqu’un a peut-être pris sa place : rien ne lui est envoyé tant que vous n’avez pas décidé.
notice-keys-renewed = Cet appareil a de nouvelles clés, car les anciennes ne pouvaient plus servir sans risque. Votre historique est intact. Les personnes qui avaient comparé votre clé devront le refaire.
notice-keys-not-published = Pour l’instant, on ne peut pas écrire à cet appareil de façon chiffrée. { $why }
not-encrypted = Non chiffré
not-encrypted-why = Les messages sont chiffrés jusqu’aux fournisseurs et entre eux, mais pas de bout en bout : les deux fournisseurs peuvent les lire.
empty-nobody-title = Personne pour l’instant
empty-nobody = Ajoutez quelqu’un par son adresse pour commencer à discuter.
empty-choose-title = Choisissez une conversation
empty-choose = Choisissez quelqu’un à gauche, ou tapez une adresse dans la recherche.

## Ajouter quelqu’un

add-contact = Ajouter un contact
add-what = On demandera à cette personne si chacun peut voir la disponibilité de l’autre. Vous pouvez lui écrire tout de suite.
add-address = Son adresse
add-name = Nom
add-name-note = Celui que vous lui donnez. Seuls vous et votre fournisseur le voyez.
add-account = Depuis quel compte
add-submit = Ajouter

## La page de quelqu’un

details = Détails
details-address = Adresse
details-copy = Copier l’adresse
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

notice-not-added = Impossible d’ajouter { $name }. { $why }
notice-not-changed = Vos changements concernant { $name } n’ont pas été enregistrés. { $why }
notice-no-archive = Votre fournisseur ne conserve pas les messages : ce que vos autres appareils reçoivent en l’absence de celui-ci n’apparaît pas ici.
notice-no-roster = Votre fournisseur n’a pas envoyé vos contacts. Vous voyez ceux de la dernière fois.
notice-not-stored = Votre demande n’a pas pu être enregistrée sur cet ordinateur. { $why }
notice-unreadable = Quelque chose d’illisible est arrivé et a été ignoré.
notice-unreadable-from = Quelque chose d’illisible est arrivé de { $name } et a été ignoré.
notification-new-message = Nouveau message

## Liens qui ne mènent nulle part

link-no-address = Ce lien ne contient aucune adresse que Causerie puisse utiliser.
link-keys-of-stranger = Ce lien contient des clés de { $name }, avec qui vous n’avez pas de conversation. Commencez-en une, puis rouvrez le lien.
link-no-program = Aucun programme de cet ordinateur n’ouvre cette adresse.
link-room = { $name } est un salon. Causerie ne peut pas encore ouvrir les salons.
link-unknown = Ce lien demande une chose que Causerie ne sait pas faire. Rien n’a été fait.

## Réglages

settings = Réglages
settings-appearance = Apparence
settings-accounts = Comptes
settings-notifications = Notifications
settings-privacy = Confidentialité
settings-about = À propos
settings-language = Langue
appearance-colours = Couleurs
appearance-system = Comme le système
appearance-light = Clair
appearance-dark = Sombre
appearance-contrast = Contraste élevé
appearance-text-size = Taille du texte
appearance-larger = Texte plus grand
appearance-smaller = Texte plus petit
language-system = Celle du système
acceleration = Affichage
acceleration-automatic = Avec la carte graphique, s’il y en a une
acceleration-on = Toujours avec la carte graphique
acceleration-off = Sans la carte graphique
acceleration-note = Prend effet au prochain démarrage.
accounts-add = Ajouter un compte
account-fetching = { $count ->
    [one] Récupération de ce que vous avez manqué : { $count } message jusqu’ici
   *[other] Récupération de ce que vous avez manqué : { $count } messages jusqu’ici
}
account-stop-fetching = Récupérer plus tard
accounts-sign-out = Retirer de Causerie
accounts-sign-out-question = Retirer { $account } de Causerie ? Le compte lui-même reste chez votre fournisseur. Ce qui est sur cet ordinateur peut rester aussi, ou être supprimé.
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
privacy-arrival-note = Leur programme l’affiche à côté du message.
privacy-reading = Indiquer à mes contacts que j’ai lu leurs messages
privacy-reading-note = Quand la conversation est devant vous.
privacy-sharing = Indiquer à mes contacts ma version de Causerie et mon heure locale
privacy-sharing-note = À vos contacts seulement, quand leur programme le demande.
about-version = Version { $version }
about-licence = Licence
about-licence-words = Logiciel libre sous la licence publique générale GNU Affero, version 3 ou ultérieure. Il est fourni sans aucune garantie.
about-parts = Fait avec
about-parts-words = Inter et JetBrains Mono (SIL Open Font License), Twemoji par Twitter et ses contributeurs (CC-BY 4.0), icônes Lucide (ISC).
