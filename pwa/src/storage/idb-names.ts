/** Names in the device's database that a start needs before the rest of its layout. */

export const databaseName = 'wardline'

/** Key in `meta` of the list of chats as it was last shown. */
export const listKey = 'list'
