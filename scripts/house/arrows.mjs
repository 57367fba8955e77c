/**
 * Which folder may import from which: the one table. An arrow that is not here is a mistake, and so
 * is one here that nothing uses. Folders of a package stand above those that they import from.
 */
const all = (prefix, names) => names.split(' ').map((name) => `${prefix}/${name}`)
const core = (names) => all('core/src', names)
const client = (names) => all('core/src/client', names)
const server = (names) => all('sync-server/src', names)
const pwa = (names) => all('pwa/src', names)
const features =
  'admin attachments chat-list connection conversation devices emoji group-info invite join lock new-chat passkeys sign-in'

export const arrows = new Map(
  Object.entries({
    // core: what the server and the devices share, then a device.
    'core/src/node': [...core('client base protocol time'), ...client('model store sync')],
    'core/src/yjs': core('protocol gate chat text time base'),
    'core/src/client': [
      ...client('search list rounds files conversation sync chats documents store model'),
      ...core('chat time base'),
    ],
    'core/src/client/search': [
      ...client('list files chats documents store model'),
      ...core('chat words text time base'),
    ],
    'core/src/client/list': [
      ...client('rounds files conversation sync chats documents store model'),
      ...core('protocol chat base'),
    ],
    'core/src/client/rounds': [
      ...client('files chats documents store model'),
      ...core('chat update base'),
    ],
    'core/src/client/files': [
      ...client('conversation sync chats documents store model'),
      ...core('chat time base'),
    ],
    'core/src/client/conversation': [
      ...client('sync chats documents store model'),
      ...core('chat text base'),
    ],
    'core/src/client/sync': [
      ...client('chats documents store model'),
      ...core('sync presence protocol chat update time base'),
    ],
    'core/src/client/chats': [
      ...client('documents store model'),
      ...core('protocol chat words time base'),
    ],
    'core/src/client/documents': [...client('store model'), ...core('gate chat update time base')],
    'core/src/client/store': [...client('model'), ...core('chat base')],
    'core/src/client/model': core('chat text time base'),
    'core/src/sync': core('protocol base'),
    'core/src/presence': [],
    'core/src/protocol': core('update base'),
    'core/src/gate': core('chat update base'),
    'core/src/chat': core('files update text time base'),
    'core/src/files': core('base'),
    'core/src/update': core('base'),
    'core/src/words': [],
    'core/src/text': [],
    'core/src/time': [],
    'core/src/base': [],

    // sync-server
    'sync-server/src': server(
      'http links mail cli admin/socket admin/operations admin backup api push files sync work identity audit person-export people auth clinic directory storage budget config base',
    ),
    'sync-server/src/cli': [
      ...server(
        'admin/socket admin/operations admin people backup doctor y-leveldb auth directory',
      ),
      ...server('storage config errors base'),
      ...core('chat base'),
    ],
    'sync-server/src/admin/socket': server('admin/operations admin storage config errors base'),
    'sync-server/src/admin/operations': [
      ...server('links people backup admin audit auth clinic directory storage errors'),
      ...core('chat words base'),
    ],
    'sync-server/src/person-export': [
      ...server('api sync work files folds directory storage errors'),
      ...core('base'),
    ],
    'sync-server/src/people': [
      ...server('links passkeys auth directory storage config errors'),
      ...core('time base'),
    ],
    'sync-server/src/admin': [
      ...server('links person-export people auth clinic directory storage config errors base'),
      ...core('time'),
    ],
    'sync-server/src/backup': [...server('doctor files storage errors base'), ...core('time')],
    'sync-server/src/doctor': [
      ...server('files directory storage errors'),
      ...core('gate chat update base'),
    ],
    'sync-server/src/y-leveldb': [
      ...server('sync directory storage errors base'),
      ...core('gate chat update base'),
    ],
    'sync-server/src/http': [
      ...server(
        'links passkeys admin admin/operations openapi openapi/operations api push files work folds identity audit auth clinic directory permissions storage',
      ),
      ...server('budget config errors base'),
      ...core('gate text time base'),
    ],
    'sync-server/src/openapi': server('openapi/operations api folds errors'),
    'sync-server/src/openapi/operations': server(
      'links admin admin/operations api push files folds auth clinic directory errors',
    ),
    'sync-server/src/api': [
      ...server('sync work folds directory permissions storage errors base'),
      ...core('gate chat update text time base'),
    ],
    'sync-server/src/push': [
      ...server('sync directory permissions storage config base'),
      ...core('chat time base'),
    ],
    'sync-server/src/files': [
      ...server('sync directory storage config errors base'),
      ...core('files time base'),
    ],
    'sync-server/src/sync': [
      ...server('work directory storage budget config base'),
      ...core('protocol presence gate chat update time base'),
    ],
    'sync-server/src/work': [...server('folds storage budget base'), ...core('chat base')],
    'sync-server/src/audit': [...server('directory storage base'), ...core('time base')],
    'sync-server/src/folds': [...server('directory'), ...core('chat text base')],
    'sync-server/src/identity': [
      ...server('audit auth directory storage budget config errors base'),
      ...core('chat time base'),
    ],
    'sync-server/src/links': [
      ...server('passkeys mail auth directory storage budget errors base'),
      ...core('time base'),
    ],
    'sync-server/src/passkeys': [
      ...server('auth directory storage budget errors base'),
      ...core('time base'),
    ],
    'sync-server/src/mail': server('config'),
    'sync-server/src/auth': [
      ...server('permissions directory storage budget errors base'),
      ...core('text time base'),
    ],
    'sync-server/src/clinic': [
      ...server('directory storage config errors base'),
      ...core('text time'),
    ],
    'sync-server/src/directory': [
      ...server('permissions storage errors base'),
      ...core('gate chat update words text time base'),
    ],
    'sync-server/src/permissions': core('chat'),
    'sync-server/src/storage': [...server('base'), ...core('gate update time base')],
    'sync-server/src/budget': server('base'),
    'sync-server/src/config': server('errors base'),
    'sync-server/src/errors': [],
    'sync-server/src/base': core('time'),

    // pwa
    'pwa/src': pwa('app'),
    'pwa/src/fixtures': [...pwa('app sync base'), ...core('chat base'), ...client('model search')],
    'pwa/src/app': [
      ...pwa('storage tabs sync service-worker ui base'),
      ...all('pwa/src/features', features),
      ...core('client chat text base'),
      ...client('store search files conversation model'),
    ],
    'pwa/src/features/admin': [...pwa('sync ui base'), ...core('chat')],
    'pwa/src/features/attachments': [
      ...pwa('ui base'),
      ...core('chat files text'),
      ...client('conversation model'),
    ],
    'pwa/src/features/chat-list': [
      ...pwa('ui base'),
      ...core('text base'),
      ...client('search model'),
    ],
    'pwa/src/features/connection': [...pwa('ui base'), ...client('model')],
    'pwa/src/features/conversation': [
      ...pwa('ui base'),
      ...core('client chat text base'),
      ...client('search conversation model'),
    ],
    'pwa/src/features/devices': pwa('sync ui'),
    'pwa/src/features/emoji': pwa('ui base'),
    'pwa/src/features/group-info': [...pwa('sync ui'), ...client('model')],
    'pwa/src/features/invite': [...pwa('sync ui'), ...client('model')],
    'pwa/src/features/join': pwa('sync ui base'),
    'pwa/src/features/lock': pwa('sync ui base'),
    'pwa/src/features/new-chat': [...pwa('sync ui'), ...core('base'), ...client('model')],
    'pwa/src/features/passkeys': pwa('sync ui'),
    'pwa/src/features/sign-in': pwa('ui'),
    'pwa/src/service-worker': [...pwa('base'), ...core('time base')],
    'pwa/src/storage': [...core('chat base'), ...client('documents store model')],
    'pwa/src/tabs': [...core('base'), ...client('sync')],
    'pwa/src/sync': [
      ...pwa('base'),
      ...core('protocol words text time base'),
      ...client('files sync model'),
    ],
    'pwa/src/ui': [...pwa('base'), ...core('chat text base'), ...client('conversation model')],
    'pwa/src/base': [...core('base'), ...client('model')],
  }),
)
