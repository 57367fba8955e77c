/** Words of medicine in the ways that people write them: what one writes, another looks for. */
import { describe, expect, it, test } from 'vitest'
import { holdsWords, marksIn } from './snippet.ts'
import { newTextIndex, textsWith } from './text-index.ts'
import { queryWords } from './words.ts'

/** A text, and what must find it. */
const pairs: readonly (readonly [text: string, ...queries: string[]])[] = [
  // Together, apart, with a hyphen.
  ['The X-ray is clear', 'xray', 'x-ray', 'x ray', 'X‑ray'],
  ['The xray is clear', 'x-ray', 'x ray', 'XRAY'],
  ['An x ray tomorrow', 'xray', 'x-ray'],
  ['co-amoxiclav 625', 'coamoxiclav', 'co amoxiclav', 'co‐amoxiclav'],
  ['coamoxiclav', 'co-amoxiclav', 'co amoxiclav'],
  ['Co amoxiclav', 'coamoxiclav', 'co-amoxiclav'],
  ['follow-up in May', 'followup', 'follow up'],
  ['followup in May', 'follow-up', 'follow up'],
  ['post-op pain', 'postop', 'post op'],
  ['post op pain', 'postop', 'post-op'],
  ['non-smoker', 'nonsmoker', 'non smoker'],
  ['pre-eclampsia', 'preeclampsia', 'pre eclampsia'],
  ['anti-inflammatory', 'antiinflammatory', 'anti inflammatory'],
  ['beta–blocker', 'beta-blocker', 'betablocker', 'beta blocker'],
  ['E. coli in the urine', 'e coli', 'ecoli', 'e.coli'],
  ['ecoli', 'E. coli', 'e-coli'],
  ['C-section', 'c section', 'csection'],
  ['COVID-19 test', 'covid19', 'covid 19', 'covid'],
  ['covid 19 test', 'covid-19', 'covid19'],
  ['COVID19', 'covid-19', 'covid 19'],
  ['amoxi\u{AD}cillin', 'amoxicillin'],
  ['para\u{200B}cetamol', 'paracetamol'],
  ['lab_report-2026.pdf', 'lab report', 'labreport', 'report 2026', 'lab_report'],
  ['A & E', 'a&e', 'ae'],
  // Numbers and units.
  ['take 5 mg', '5mg', '5 mg', 'mg'],
  ['take 5mg', '5 mg', '5mg', 'mg', '5'],
  ['take 5-mg', '5mg', '5 mg'],
  ['take 5\u{A0}mg', '5mg', '5 mg'],
  ['take 5\u{202F}mg', '5mg'],
  ['2.5 mg', '2,5 mg', '2.5mg', '2,5mg'],
  ['2,5 mg', '2.5 mg', '2.5mg'],
  ['2,5mg', '2.5 mg', '2,5'],
  ['5.0 mg', '5 mg', '5mg'],
  ['1,000 mg', '1000 mg', '1000mg', '1 000'],
  ['1000 mg', '1,000 mg', '1.000', '1 000 mg'],
  ['1 000 mg', '1000', '1,000'],
  ['10 mg/kg', 'mg/kg', '10mg/kg', 'mg kg', 'mgkg'],
  ['10mg/kg', '10 mg/kg', '10 mg / kg'],
  ['100 µg', '100mcg', '100 ug', '100 μg', '100 mcg', '100 micrograms'],
  ['100 mcg', '100µg', '100 ug', 'µg', '100 microgram'],
  ['100 micrograms', '100mcg', '100 µg', '100µg'],
  ['500 milligrams', '500mg', '500 mg'],
  ['500 mg', '500 milligram', '500 milligrams'],
  ['10 millilitres', '10ml', '10 milliliters', '10 mL'],
  ['30 µmol/L', '30 umol/l', 'μmol', 'µmol/l'],
  ['38 °C', '38°C', '38 C', '38c'],
  ['38.5°C', '38,5 °C', '38.5 c', '38.5'],
  ['5 %', '5%', '5 percent'],
  ['5% glucose', '5 %', 'glucose 5%'],
  ['5 mmol', '5mmol'],
  ['20 min', '20min'],
  ['3×', '3'],
  // Fractions.
  ['½ tablet', '1/2', '1/2 tablet', '½', '0.5', '0,5'],
  ['1/2 tablet', '½', '½ tablet', '1⁄2'],
  ['1⁄2 tablet', '1/2', '½'],
  ['1½ tablets', '1½', '1.5', '1 1/2', '1 ½'],
  ['1 1/2 tablets', '1½', '1/2'],
  ['¾', '3/4', '0.75'],
  ['⅓', '1/3'],
  ['120/80', '120', '80', '120 / 80', '120/80'],
  ['120 / 80 mmHg', '120/80'],
  ['10⁹/L', '10^9', '10⁹'],
  ['10^9', '10⁹'],
  // Below and above the line.
  ['SpO₂ 96', 'SpO2', 'spo2 96', 'SPO₂'],
  ['SpO2 96', 'SpO₂'],
  ['vitamin B12', 'b12', 'B 12', 'B-12', 'vitamin b 12', 'B₁₂'],
  ['vitamin B 12', 'b12', 'B-12'],
  ['vitamin B₁₂', 'b12', 'B 12'],
  ['HbA1c', 'hba1c', 'Hb A1c', 'HbA₁c'],
  ['Hb A1c', 'hba1c'],
  ['CO2', 'CO₂', 'co 2'],
  ['m²', 'm2'],
  ['25 kg/m²', '25kg/m2', 'kg/m²'],
  // British and American.
  ['haemoglobin', 'hemoglobin', 'haem', 'HÆMOGLOBIN'],
  ['hemoglobin', 'haemoglobin', 'haemo'],
  ['oedema', 'edema', 'œdema'],
  ['edema', 'oedema'],
  ['paediatric', 'pediatric'],
  ['pediatrics', 'paediatrics', 'paediatric'],
  ['diarrhoea', 'diarrhea', 'diarrhœa'],
  ['diarrhea', 'diarrhoea', 'diarrhoe'],
  ['anaemia', 'anemia'],
  ['leukaemia', 'leukemia'],
  ['oesophagus', 'esophagus'],
  ['foetus', 'fetus'],
  ['gynaecology', 'gynecology'],
  ['orthopaedic', 'orthopedic'],
  ['tumour', 'tumor'],
  ['tumors', 'tumours', 'tumour'],
  ['colour', 'color'],
  ['behaviour', 'behavior'],
  ['hospitalised', 'hospitalized'],
  ['immunization', 'immunisation'],
  ['dialyse', 'dialyze'],
  ['analyzed', 'analysed'],
  ['centre', 'center'],
  ['litre', 'liter'],
  ['fibre', 'fiber'],
  ['programme', 'program'],
  ['counselling', 'counseling'],
  ['licence', 'license'],
  ['practise', 'practice'],
  ['sulphate', 'sulfate'],
  ['sulfonamide', 'sulphonamide'],
  ['cephalexin', 'cefalexin'],
  ['amoxycillin', 'amoxicillin'],
  ['frusemide', 'furosemide'],
  ['lidocaine', 'lignocaine'],
  // Greek letters.
  ['β-blocker', 'beta-blocker', 'beta blocker', 'betablocker', 'β blocker', 'beta'],
  ['beta-blocker', 'β-blocker', 'β'],
  ['ω-3', 'omega-3', 'omega 3', 'omega3'],
  ['omega 3', 'ω-3', 'omega3'],
  ['α-fetoprotein', 'alpha fetoprotein', 'alphafetoprotein'],
  ['βhCG', 'beta hCG', 'betahcg', 'β-hCG'],
  ['γ-GT', 'gamma-GT', 'gamma gt'],
  // Accents, umlauts, ligatures, apostrophes.
  ['Ménière', 'meniere', 'Meniere'],
  ['Sjögren', 'sjogren', 'sjoegren', 'Sjögren'],
  ['Guillain-Barré', 'guillain barre', 'GuillainBarré', 'barre'],
  ['Müller', 'muller', 'mueller', 'MÜLLER', 'mu\u{308}ller'],
  ['Mueller', 'Müller', 'mueller'],
  ['Jäger', 'jaeger', 'jager'],
  ['Jaeger', 'jäger'],
  ['Größe', 'groesse', 'grosse', 'GRÖSSE'],
  ['Søren', 'soren', 'soeren'],
  ['fi\u{FB01}ne ﬁbre', 'fibre'],
  ['Crohn’s disease', "crohn's", 'crohns', 'crohn', 'Crohn disease'],
  ["Crohn's disease", 'crohn’s', 'crohns'],
  ['Crohns disease', "crohn's"],
  ['the patient’s knee', 'patients', 'patient', "patient's"],
  ["O'Brien", 'obrien', 'O’Brien', 'o brien'],
  ['l’hôpital', 'hopital', "l'hopital", 'lhopital'],
  // One and many.
  ['two tablets', 'tablet', 'tablets two', 'tablet two'],
  ['one tablet', 'tablets', 'tablets one'],
  ['an allergy', 'allergies'],
  ['allergies to nuts', 'allergy', 'allergy nuts'],
  ['the diagnosis', 'diagnoses'],
  ['biopsies', 'biopsy'],
  ['virus', 'viruses'],
  // Abbreviations with dots.
  ['twice, b.i.d.', 'bid', 'b.i.d.', 'b.i.d', 'b i d'],
  ['bid', 'b.i.d.', 'b i d'],
  ['b i d', 'bid', 'b.i.d.'],
  ['t.d.s. p.o.', 'tds', 'po', 'tds po'],
  ['IV', 'i.v.'],
  ['i.v. antibiotics', 'iv', 'IV antibiotics'],
  ['p.r.n.', 'prn'],
  // Times, days, telephone numbers.
  ['at 8:30', '08:30', '8.30', '8:30', '30'],
  ['at 08:30', '8:30', '8.30'],
  ['at 8.30', '8:30', '08.30'],
  ['at 8 pm', '8pm', '8 p.m.'],
  ['at 8pm', '8 pm', '8 p.m.'],
  ['at 8 p.m.', '8pm', '8 pm'],
  ['on 3/4/2026', '3.4.2026', '03/04/2026', '3/4', '2026'],
  ['on 3.4.2026', '3/4/2026', '03.04.2026'],
  ['2026-04-03', '2026-04-03', '2026 04 03', '20260403'],
  ['020 7946 0958', '02079460958', '020-7946-0958', '7946 0958', '0958'],
  ['02079460958', '020 7946 0958', '020-7946-0958', '0207'],
  ['(020) 7946-0958', '02079460958', '020 7946 0958'],
  ['020.7946.0958', '02079460958', '020 7946 0958'],
  ['+44 20 7946 0958', '442079460958', '+44 20', '7946 0958'],
  // Other scripts.
  ['頭痛が3日続く', '頭痛', '3日', '３日'],
  ['두통이 있어요', '두통'],
  ['الألم في الركبة', 'الألم', 'الالم', 'ألم', 'ركبة', 'ركبه'],
  ['٥ ملغ', '5', '٥'],
  ['مُسَكِّن', 'مسكن'],
  ['دوا\u{640}ء', 'دواء'],
  ['Ёлка', 'елка'],
  ['５ｍｇ', '5mg', '5 mg'],
  ['ΟΔΟΣ', 'οδος', 'οδοσ'],
  ['İstanbul', 'istanbul'],
  // Emoji.
  ['fine 😀', '😀', 'fine 😀', '😀 fine'],
  ['good👍🏽', '👍', '👍🏽', 'good'],
  ['❤️', '❤', '❤️'],
  ['🇩🇪', '🇩🇪'],
  ['👩‍⚕️', '👩‍⚕️', '👩'],
  ['1️⃣', '1'],
]

/** What must not be taken for each other. */
const strangers: readonly (readonly [text: string, query: string])[] = [
  ['2.5 mg', '25 mg'],
  ['25 mg', '2.5 mg'],
  ['2,5mg', '25mg'],
  ['150 mg', '50mg'],
  ['5-10 mg', '510'],
  ['1/2', '12'],
  ['12', '1/2'],
  ['0.5 mg', '5mg'],
  ['5 g', '5mg'],
  ['100 µg', '100 mg'],
  ['100 mcg', '100mg'],
  ['a shoe', 'she'],
  ['she', 'shoe'],
  ['10⁹', '109'],
  ['at 8:30', '83'],
  ['hour', 'hor'],
  ['😀', '😢'],
  ['🇩🇪', '🇫🇷'],
  ['paracetamol', 'acetaminophen'],
  ['hypertension', 'hypotension'],
]

const finds = (text: string, query: string): boolean => {
  const index = newTextIndex()
  index.add({ id: 1, text })
  const words = queryWords(query)
  const found = textsWith(index, words).length > 0
  expect(holdsWords(text, words), `“${query}” in “${text}”, without an index`).toBe(found)
  return found
}

describe('a hundred pairs', () => {
  it.each(pairs)('%s', (text, ...queries) => {
    const missed = queries.filter((query) => !finds(text, query))
    expect(missed).toEqual([])
    // And it is told why.
    const unmarked = queries.filter((query) => marksIn(text, queryWords(query)).length === 0)
    expect(unmarked).toEqual([])
  })
})

test.each(strangers)('“%s” is not found by “%s”', (text, query) => {
  expect(finds(text, query)).toBe(false)
})

test('what was typed so far finds what it will be', () => {
  for (const [text, word] of [
    ['haemoglobin', 'hemoglobin'],
    ['X-ray', 'xray'],
    ['co-amoxiclav', 'coamoxiclav'],
    ['take 5 mg', '5mg'],
    ['Müller', 'mueller'],
    ['020 7946 0958', '02079460958'],
  ] as const)
    for (let length = 1; length <= word.length; length++)
      if (!/^(?:hem?|ha?e?)$/.test(word.slice(0, length)))
        expect(finds(text, word.slice(0, length)), word.slice(0, length)).toBe(true)
})

const marked = (text: string, query: string): string[] =>
  marksIn(text, queryWords(query)).map(({ start, end }) => text.slice(start, end))

test('the marks are on what was found, however it is written', () => {
  expect(marked('The X-ray is clear', 'xray')).toEqual(['X-ray'])
  expect(marked('The X-ray is clear', 'xr')).toEqual(['X-r'])
  expect(marked('Take 5 mg today', '5mg')).toEqual(['5 mg'])
  expect(marked('Haemoglobin 90', 'hemoglobin')).toEqual(['Haemoglobin'])
  expect(marked('Take ½ tablet', '1/2')).toEqual(['½'])
  expect(marked('fine 👍🏽', '👍')).toEqual(['👍🏽'])
  expect(marked('b.i.d. for a week', 'bid')).toEqual(['b.i.d'])
})
