import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import { Clinic } from './clinic.ts'
import { clinicChangeSchema, MAX_NOTES } from './clinic-settings.ts'
import { MAX_LOGO } from './logo.ts'

const png = (bytes: number): string => {
  const image = Buffer.alloc(bytes)
  image.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return `data:image/png;base64,${image.toString('base64')}`
}

describe('the settings of a clinic', () => {
  let disk: MemoryDisk
  let store: MemoryStore
  let clinic: Clinic
  const open = (): void => {
    store = new MemoryStore({ disk })
    clinic = new Clinic({ store, now: () => 5, lockMinutes: 10 })
  }
  const audit = async (): Promise<unknown[]> => {
    const lines = []
    for await (const { text } of store.readAudit()) lines.push(JSON.parse(text))
    return lines
  }

  beforeEach(() => {
    disk = new MemoryDisk()
    open()
  })

  it('are the usual ones until an admin changes some, and are there after a restart', async () => {
    expect(await clinic.settings()).toMatchObject({ name: 'Wardline', lockMinutes: 10 })
    const mayStart = { patientToDoctor: false, doctorToPatient: true, groups: true }
    const changed = await clinic.change({ name: 'Hillside', mayStart }, 'admin-1')
    expect(changed).toMatchObject({ ok: true, value: { name: 'Hillside', mayStart } })
    open()
    expect(await clinic.settings()).toMatchObject({
      name: 'Hillside',
      mayStart,
      emergencyNumber: '112',
    })
  })

  it('leave one line in the audit trail for each change, which says what and not to what', async () => {
    await clinic.change({ name: 'Hillside', notes: 'Call us at night.' }, 'admin-1')
    await clinic.change({ name: 'Hillside' }, 'admin-1')
    expect(await audit()).toEqual([
      {
        at: 5,
        actor: 'admin-1',
        action: 'settings.changed',
        subject: 'clinic',
        details: { fields: ['name', 'notes'] },
      },
    ])
  })

  it('keep what two admins change at once', async () => {
    await Promise.all([
      clinic.change({ name: 'Hillside' }, 'admin-1'),
      clinic.change({ emergencyNumber: '999' }, 'admin-2'),
    ])
    expect(await clinic.settings()).toMatchObject({ name: 'Hillside', emergencyNumber: '999' })
  })

  it('have another tag when they are others, and the same when they are not', async () => {
    const { tag } = await clinic.named()
    await clinic.change({ accent: '#8a1c4a' }, 'admin-1')
    expect((await clinic.named()).tag).not.toBe(tag)
    await clinic.change({ accent: null }, 'admin-1')
    expect((await clinic.named()).tag).toBe(tag)
  })

  it('take what makes sense only', () => {
    const takes = (change: unknown): boolean => clinicChangeSchema.safeParse(change).success
    expect(takes({ name: '  ' })).toBe(false)
    expect(takes({ name: 'a\u202eb' })).toBe(false)
    expect(takes({ accent: 'red' })).toBe(false)
    expect(takes({ accent: '#8A1C4A' })).toBe(false)
    expect(takes({ emergencyNumber: 'nobody' })).toBe(false)
    expect(takes({ emergencyNumber: '+44 20 7946 0991' })).toBe(true)
    expect(takes({ emergencyNumber: '*31#112' })).toBe(true)
    expect(takes({ notes: 'a\u0000b' })).toBe(false)
    expect(takes({ notes: ' \n ' })).toBe(false)
    expect(takes({ notes: 'Two\n\nparagraphs' })).toBe(true)
    expect(takes({ lockMinutes: -1 })).toBe(false)
    expect(takes({ lockMinutes: 481 })).toBe(false)
    expect(takes({ colour: '#ffffff' })).toBe(false)
  })

  it('have notes of so many letters and no more', () => {
    expect(clinicChangeSchema.safeParse({ notes: 'x'.repeat(MAX_NOTES) }).success).toBe(true)
    expect(clinicChangeSchema.safeParse({ notes: 'x'.repeat(MAX_NOTES + 1) }).success).toBe(false)
  })

  it('have a logo that is an image by its bytes, and small', () => {
    const takes = (logo: unknown): boolean => clinicChangeSchema.safeParse({ logo }).success
    expect(takes(png(MAX_LOGO))).toBe(true)
    expect(takes(png(MAX_LOGO + 1))).toBe(false)
    expect(takes(png(100).replace('image/png', 'image/jpeg'))).toBe(false)
    expect(takes(`data:image/svg+xml;base64,${btoa('<svg onload="alert(1)"/>')}`)).toBe(false)
    expect(takes('https://tracker.example/logo.png')).toBe(false)
    expect(takes(null)).toBe(true)
  })
})
