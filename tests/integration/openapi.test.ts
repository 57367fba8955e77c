/** The OpenAPI document tells the truth about the server. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { openMessagesApi } from '@wardline/sync-server/api/messages-api'
import { Openings } from '@wardline/sync-server/audit/openings'
import { Usage } from '@wardline/sync-server/audit/usage'
import { Auth } from '@wardline/sync-server/auth/auth'
import { systemTimers } from '@wardline/sync-server/base/timers'
import { Clinic } from '@wardline/sync-server/clinic/clinic'
import { createLogger } from '@wardline/sync-server/config/logger'
import { Directory } from '@wardline/sync-server/directory/directory'
import { Preferences } from '@wardline/sync-server/directory/preferences'
import { errorCatalogue, errorCodes } from '@wardline/sync-server/errors/catalogue'
import { createFiles } from '@wardline/sync-server/files/file-service'
import { createApp } from '@wardline/sync-server/http/app'
import { openWaysIn } from '@wardline/sync-server/links/ways-in'
import { createDocument } from '@wardline/sync-server/openapi/openapi'
import { People } from '@wardline/sync-server/people/people'
import { openExport } from '@wardline/sync-server/person-export/open-export'
import { Subscriptions } from '@wardline/sync-server/push/subscriptions'
import type { RunningServer } from '@wardline/sync-server/server'
import { MemoryStore } from '@wardline/sync-server/storage/memory-store'
import { Documents } from '@wardline/sync-server/sync/documents'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const document = createDocument()
const contract = new ApiContract(document)
let dataDir: string
let server: RunningServer

beforeAll(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
})
afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

/** What Express keeps of its routes: no types say so. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle?: { readonly stack?: readonly Layer[] }
  /** Where a router is mounted. */
  readonly rawPath?: string
}

describe('the OpenAPI document', () => {
  it('has every route of the server, and no other', () => {
    const store = new MemoryStore()
    const directory = new Directory({ store })
    const documents = new Documents(store)
    const secret = 'a secret of thirty-two characters!'
    const auth = new Auth({ store, directory, secrets: [secret] })
    const clinic = new Clinic({ store, now: Date.now })
    const people = new People({
      store,
      directory,
      auth,
      commit: (change) => store.commit(change),
      now: Date.now,
    })
    const waysIn = openWaysIn({
      ...{ store, auth, directory, secret, clock: systemTimers },
      clinic: async () => 'Hillside',
    })
    const exports = openExport({ store, directory, dataDir, now: Date.now })
    const app = createApp({
      auth,
      directory,
      waysIn,
      clinic,
      admin: (actor) => ({
        exports,
        store,
        directory,
        auth,
        people,
        waysIn,
        clinic,
        clock: systemTimers,
        actor,
      }),
      store,
      openings: new Openings({ store, chatOf: (id) => directory.chatOf(id), now: Date.now }),
      usage: new Usage({ store, now: Date.now, onError: () => {} }),
      messagesApi: openMessagesApi({
        store,
        documents,
        directory,
        prefs: new Preferences(store),
        now: Date.now,
      }),
      files: createFiles({
        dataDir,
        store,
        sync: { directory, documents },
        log: createLogger('silent'),
        inUse: async () => new Set(),
      }),
      push: {
        publicKey: '',
        production: false,
        subscriptions: new Subscriptions({ store, isLive: async () => true, now: Date.now }),
      },
      log: createLogger('silent'),
      origins: { clientUrl: undefined, trustedProxies: 0 },
    })
    const { stack } = (app as unknown as { router: { stack: readonly Layer[] } }).router
    const served = routesIn(stack, '').sort()
    const documented = contract
      .routes()
      .map(({ method, path }) => `${method} ${path}`)
      .sort()
    expect(served).toEqual(documented)
  })

  it('hangs together', () => {
    const text = JSON.stringify(document)
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(Object.keys(document.components.schemas)).toContain(name)
    const ids = contract.routes().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, operation } of contract.routes()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path')
      expect(declared.map(({ name }) => name)).toEqual(inPath)
      expect(declared.every(({ required }) => required === true)).toBe(true)
      const tags = document.tags.map(({ name }) => name)
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]))
    }
    for (const name of Object.keys(document.components.schemas))
      expect(() => contract.schema(name)).not.toThrow()
  })

  it('knows every error but those of no operation', () => {
    const listed = new Set(
      [...JSON.stringify(document.paths).matchAll(/`([a-z-]+)`:/g)].map((m) => m[1]),
    )
    expect(errorCodes.filter((code) => !listed.has(code))).toEqual(['method-not-allowed'])
    for (const code of listed) expect(Object.keys(errorCatalogue)).toContain(code)
  })

  it('is served, and is what the server is checked by', async () => {
    const response = await fetch(`${server.url}/api/openapi.json`)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)))
  })

  it('is one by the specification, as a validator of others has it', async () => {
    const served = await (await fetch(`${server.url}/api/openapi.json`)).json()
    const validator = new Validator()
    expect(await validator.validate(served)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    const { info: _, ...nameless } = served
    expect(await new Validator().validate(nameless)).toMatchObject({ valid: false })
    const [path = ''] = Object.keys(served.paths)
    const broken = { ...served, paths: { [path]: { get: { responses: { 200: {} } } } } }
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
  })

  it('is a page that needs no script and nothing from elsewhere', async () => {
    const response = await fetch(`${server.url}/api/docs`)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    const html = await response.text()
    expect(html).not.toMatch(/<script|style=|https?:\/\/|onclick/)
    for (const { path, operation } of contract.routes()) {
      expect(html).toContain(`id="${operation.operationId}"`)
      expect(html).toContain(`<code>${path}</code>`)
    }
    for (const code of errorCodes) expect(html).toContain(`<code>${code}</code>`)
    const [, style] = /href="(\/api\/docs\/[^"]+\.css)"/.exec(html) ?? []
    const css = await fetch(server.url + style)
    expect(css.headers.get('content-type')).toMatch(/^text\/css/)
    for (const path of ['/api/docs', '/api/openapi.json'])
      expect((await fetch(server.url + path, { method: 'POST' })).status).toBe(405)
  })
})

const routesIn = (stack: readonly Layer[], base: string): string[] =>
  stack.flatMap((layer) => {
    if (layer.route !== undefined) {
      const path = `${base}${layer.route.path}`.replace(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1')
      return Object.keys(layer.route.methods)
        .filter((method) => method !== '_all')
        .map((method) => `${method} ${path}`)
    }
    const inner = layer.handle?.stack
    if (inner === undefined || !inner.some(({ route }) => route !== undefined)) return []
    const { rawPath = '' } = layer
    return routesIn(inner, rawPath === '/' ? base : base + rawPath)
  })
