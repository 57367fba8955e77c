/** Names, roles, focus and the keyboard; and that a session stays quiet and at home. */
import { desktop, expect, phone, processTest, test } from './support/clinic.ts'

processTest(
  'fixed names and roles are there, and a whole session causes no error and no foreign request',
  async ({ watch, server, device }) => {
    const pat = await device(phone)
    const { page } = pat
    const policy = await page.request.get('/')
    expect(policy.headers()['content-security-policy']).toContain("default-src 'none'")
    await expect(page.getByRole('textbox', { name: 'Email' })).toBeVisible()
    await expect(page.getByLabel('Password')).toHaveAttribute('type', 'password')
    await pat.signIn('pat@demo.clinic')
    await page.getByRole('button', { name: 'New chat' }).click()
    await expect(page.getByRole('dialog', { name: 'Choose a doctor' })).toBeVisible()
    await page.getByRole('dialog').getByRole('button', { name: 'Dr Ada Osei' }).click()
    await expect(page.getByRole('log', { name: 'Conversation with Dr Ada Osei' })).toBeVisible()
    await expect(page.getByRole('status')).toBeAttached()
    await pat.send('Hello')
    await pat.expectStatus('Hello', 'Stored')
    await pat.leaveChat()
    await expect(page.getByRole('list', { name: 'Chats' })).toBeVisible()
    await expect(pat.row('Dr Ada Osei').getByRole('img', { name: 'Stored' })).toBeVisible()
    await page.reload()
    await expect(page.getByRole('list', { name: 'Chats' })).toBeVisible()
    await pat.shellKept()
    watch.expectQuiet()
    expect(watch.failures).toEqual([])
    expect(server.output).not.toMatch(/error/i)
  },
)

test('a keyboard is enough: sign in, choose, write, read, leave', async ({ device }) => {
  const ada = await device(desktop)
  const { page } = ada
  const { keyboard } = page
  const focused = page.locator(':focus')
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 15; presses++) {
      await keyboard.press('Tab')
      const text = await focused.evaluate(
        (element) => element.ariaLabel ?? element.textContent ?? '',
      )
      if (text.includes(name)) return
    }
    throw new Error(`Tab does not reach ${name}`)
  }

  await page.getByLabel('Email').focus()
  await keyboard.type('ada@demo.clinic')
  await keyboard.press('Tab')
  await expect(page.getByLabel('Password')).toBeFocused()
  await keyboard.type('wardline-demo')
  await keyboard.press('Enter')
  const newChat = page.getByRole('button', { name: 'New chat' })
  await expect(newChat).toBeVisible()

  // Each dialog gives the focus back to what opened it.
  await tabTo('New chat')
  await keyboard.press('Enter')
  const picker = page.getByRole('dialog', { name: 'Choose a patient' })
  await expect(picker.getByRole('button', { name: 'Pat Morgan' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(picker).not.toBeVisible()
  await expect(newChat).toBeFocused()
  const account = page.getByRole('button', { name: 'Account' })
  await account.focus()
  await keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Account' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(account).toBeFocused()

  await newChat.focus()
  await keyboard.press('Enter')
  await expect(picker.getByRole('button', { name: 'Pat Morgan' })).toBeVisible()
  await tabTo('Pat Morgan')
  await keyboard.press('Enter')
  await expect(ada.composer).toBeFocused()
  await keyboard.type('First line')
  await keyboard.press('Shift+Enter')
  await keyboard.type('second line')
  await keyboard.press('Enter')
  await expect(ada.composer).toHaveValue('')
  await expect(ada.composer).toBeFocused()
  await ada.expectStatus('second line', 'Stored')

  // Esc leaves the chat for its place in the list, where the arrows move and Enter opens.
  await keyboard.press('Escape')
  await expect(ada.composer).not.toBeAttached()
  await expect(ada.row('Pat Morgan').getByRole('link')).toBeFocused()
  await keyboard.press('Enter')
  await expect(ada.composer).toBeFocused()
  await ada.expectTimeline(['First line'])
})

test('on a phone Enter breaks the line, and the button sends', async ({ pat }) => {
  await pat.startChat('Dr Ada Osei')
  await pat.composer.pressSequentially('One')
  await pat.composer.press('Enter')
  await pat.composer.pressSequentially('Two')
  await expect(pat.composer).toHaveValue('One\nTwo')
  await pat.sendButton.tap()
  await pat.expectTimeline(['One'])
  await expect(pat.composer).toHaveValue('')
})
