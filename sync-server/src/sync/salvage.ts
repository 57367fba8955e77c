/** What is left of a document of which some updates are lost. */
import { GateIndex } from '@wardline/core/gate/gate-index'
import { splitUpdate } from '@wardline/core/gate/split-update'
import * as Y from 'yjs'

/**
 * One document of those updates that can be read, in parts. What builds on something that is gone
 * is left out: its authors' devices have it, and bring it after what they bring first.
 */
export const salvage = (updates: readonly Uint8Array[]): readonly Uint8Array[] => {
  const sound = updates.filter(isUpdate)
  const whole = merged(sound)
  if (isConsistent(whole)) return splitUpdate(whole)
  // One of them says what it did not say when it came. Those that go together stay.
  const kept: Uint8Array[] = []
  const index = new GateIndex()
  for (const update of sound) {
    try {
      index.addStored(update)
      kept.push(update)
    } catch {
      // Left out.
    }
  }
  return splitUpdate(merged(kept))
}

const isUpdate = (update: Uint8Array): boolean => {
  try {
    Y.applyUpdate(new Y.Doc(), update)
    return true
  } catch {
    return false
  }
}

const merged = (updates: readonly Uint8Array[]): Uint8Array => {
  const doc = new Y.Doc()
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
    // Yjs would write down what waits for something as well.
    doc.store.pendingStructs = null
    doc.store.pendingDs = null
    return Y.encodeStateAsUpdate(doc)
  } finally {
    doc.destroy()
  }
}

const isConsistent = (update: Uint8Array): boolean => {
  try {
    new GateIndex().addStored(update)
    return true
  } catch {
    return false
  }
}
