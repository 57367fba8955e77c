import { createHash } from 'node:crypto'
import { join, relative } from 'node:path'
import react from '@vitejs/plugin-react'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { emojiRowsModule } from './scripts/emoji-rows.mjs'
import { firstChunk } from './scripts/first-chunk.mjs'

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 4)

// One configuration for the build of the PWA and for every Vitest project.
// `wardline-source` makes workspace imports resolve to the TypeScript sources.
const conditions = ['wardline-source', 'module', 'browser', 'development|production']
const nodeConditions = ['wardline-source', 'module', 'node', 'development|production']

// Compiles pwa/src/service-worker/sw.ts to dist/sw.js and puts the list of build files into it.
// The web manifest is a file of its own, and the page registers the worker itself.
const serviceWorker = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'src/service-worker',
  filename: 'sw.ts',
  manifest: false,
  injectRegister: false,
  injectManifest: {
    rollupFormat: 'iife',
    globPatterns: ['index.html', 'manifest.webmanifest', 'look.js', 'icons/*', 'assets/**/*'],
    // Administration is for few, and needs the network.
    globIgnores: ['**/*.map', '**/admin-screen-*.js'],
  },
})

export default defineConfig({
  root: 'pwa',
  plugins: [react(), emojiRowsModule(), serviceWorker],
  resolve: { conditions, dedupe: ['yjs', 'lib0'] },
  // Names that say the sheet once, for they stand in the scripts of the first screen too.
  css: {
    modules: {
      generateScopedName: (name, sheet) =>
        `${name}-${hashOf(relative(import.meta.dirname, sheet))}`,
    },
  },
  // What the list of chats does without comes in chunks (pwa/src/app/chunks.ts). The styles are one
  // file: none is missing when a chunk is there, and which one comes last depends on nothing.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [firstChunk(join(import.meta.dirname, 'pwa/src/main.tsx'))] },
      },
    },
    // A browser that cannot load modules ahead loads them when they are needed.
    modulePreload: { polyfill: false },
  },
  ssr: { resolve: { conditions: nodeConditions } },
  test: {
    // Much of what they do is wait, for disks and processes.
    maxWorkers: 2,
    projects: [
      {
        root: import.meta.dirname,
        resolve: { conditions: nodeConditions },
        ssr: { resolve: { conditions: nodeConditions } },
        test: {
          name: 'unit',
          // Files share a process, and what they import is loaded once: half of the time was that.
          // Nothing that they touch outlives them: globals are put back, databases have other names.
          isolate: false,
          // Of a test in a second on a machine that does nothing else.
          testTimeout: 20_000,
          include: [
            '{core,sync-server,pwa,examples/*}/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.mjs',
          ],
        },
      },
      {
        root: import.meta.dirname,
        resolve: { conditions: nodeConditions },
        ssr: { resolve: { conditions: nodeConditions } },
        test: {
          name: 'system',
          include: ['tests/{integration,fuzz,chaos}/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        root: import.meta.dirname,
        test: { name: 'engines', include: ['tests/engines/**/*.test.ts'], testTimeout: 300_000 },
      },
    ],
  },
})
