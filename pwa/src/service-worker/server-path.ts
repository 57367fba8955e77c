/** Addresses (path and query) that belong to the server, and never to the app. */
export const isServerPath = /^\/(?:api|sync|socket|healthz)(?:[/?]|$)/i
