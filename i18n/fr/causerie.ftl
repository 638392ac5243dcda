# Les mots de Causerie, en français. On vouvoie. Espace fine insécable (U+202F) devant ; ! ?, espace insécable (U+00A0)
# devant : et à l’intérieur des « guillemets ». Apostrophe courbe. Les majuscules gardent leurs accents.

## Dates, heures, tailles

day-today = Aujourd’hui
day-yesterday = Hier
moment = { $day }, { $time }
size-bytes = { $size } o
size-kilobytes = { $size } ko
size-megabytes = { $size } Mo
size-gigabytes = { $size } Go

## Actions que plusieurs endroits partagent

action-cancel = Annuler
action-close = Fermer

## Parties d’un message

message-show-more = Afficher la suite
message-state-waiting = En attente d’envoi
message-state-sent = Envoyé
message-state-delivered = Distribué
message-state-read = Lu
message-state-failed = Non envoyé
message-edited = modifié
message-link = Lien : { $target }
message-unencrypted = Non chiffré de bout en bout
message-said-by-me = Vous, { $time } : { $text }
message-said-by = { $name }, { $time } : { $text }

## Personnes

avatar-of = Photo de { $name }
presence-online = En ligne
presence-away = Absent
presence-long-away = Absent longtemps
presence-busy = Ne pas déranger
presence-offline = Hors ligne
unread-count =
    { $count ->
        [one] { $count } message non lu
       *[other] { $count } messages non lus
    }
