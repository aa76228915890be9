import type { DecisionKind, Element } from '../responses/decision.ts';

// What the demo's people say, and what its forum answers: texts of the project's own.

/** Something to say, and the theme (of the example process) that they choose for it, if any. */
export interface Idea {
  words: string;
  theme: string | null;
}

export const IDEAS: Record<string, Idea[]> = {
  en: [
    {
      words:
        'Publish every public works contract with its price and its changes, so that neighbours can follow the money.',
      theme: 'money',
    },
    { words: 'Waiting times of each hospital should be on one page that works on an old phone.', theme: 'health' },
    { words: 'Let us see who meets the minister about mining, before the decision and not after.', theme: null },
    {
      words: 'School meals: show which company delivers, what it costs and what inspectors found.',
      theme: 'education',
    },
    {
      words: 'Air quality next to the bypass should be measured every day and shown at the bus stop.',
      theme: 'environment',
    },
    {
      words: 'Court decisions should be written so that a person without a lawyer understands them.',
      theme: 'justice',
    },
  ],
  es: [
    {
      words: 'Que cada ayuntamiento publique sus facturas cada mes, en un archivo que se pueda abrir.',
      theme: 'money',
    },
    {
      words: 'Los turnos del centro de salud deberían pedirse también por mensaje, no solo por teléfono.',
      theme: 'health',
    },
    { words: 'Quiero saber qué pasó con la propuesta que hicimos el año pasado sobre el río.', theme: 'environment' },
    { words: 'Que las reuniones sobre el presupuesto sean por la tarde, cuando la gente puede ir.', theme: 'money' },
    { words: 'Publicar los resultados de las inspecciones de los comedores escolares.', theme: 'education' },
    { words: 'Que las personas sordas tengan intérprete en las audiencias públicas.', theme: 'justice' },
  ],
  fr: [
    { words: 'Publier les subventions de chaque commune, avec le nom de l’association et le montant.', theme: 'money' },
    { words: 'Les enquêtes publiques devraient durer assez longtemps pour les lire.', theme: null },
    { words: 'Montrer l’état des routes et la date prévue des travaux.', theme: null },
    { words: 'Que chaque réponse de l’administration dise qui l’a écrite et comment la contester.', theme: 'justice' },
    { words: 'Rendre publics les rapports d’inspection des maisons de retraite.', theme: 'health' },
    { words: 'Un budget participatif aussi pour les petites communes.', theme: 'money' },
  ],
};

/** What the demo's forum answers first. */
export const FIRST_THEME = 'money';

export const ANSWERS: Record<string, string[]> = {
  en: ['If I could see the bill for our street.', 'Audits by people we know, published in a week.'],
  es: ['Ver las facturas de mi barrio.', 'Que alguien de fuera revise las cuentas.'],
  fr: ['Voir la facture de notre rue.', 'Des contrôles faits par des citoyens.'],
};

/** Why the demo may publish late, should its example have been given dates that are too near. */
export const OVERRIDE = 'This is a demonstration.';

export const INVITATION = {
  kind: 'announcement',
  audience: 'everyone',
  texts: {
    en: 'You are invited to the opening meeting. Will you come?',
    es: 'Le invitamos a la reunión de apertura. ¿Vendrá?',
    fr: 'Vous êtes invité à la réunion d’ouverture. Viendrez-vous ?',
  },
};

export const QUESTION_NOTICE = {
  kind: 'question',
  audience: 'everyone',
  texts: {
    en: 'What would make you trust public spending more?',
    es: '¿Qué le haría confiar más en el gasto público?',
    fr: 'Qu’est-ce qui vous donnerait plus confiance dans les dépenses publiques ?',
  },
  buttons: [{ label: { en: 'Answer', es: 'Responder', fr: 'Répondre' }, question: 'trust' }],
};

interface ScriptedResponse {
  decision: DecisionKind;
  /** In the contributor's language, as a forum would write it; English for all others. */
  words: Record<string, Record<Element, string>>;
}

/** A forum's reasoned responses, one for each decision; every third contribution gets each. */
export const RESPONSES: ScriptedResponse[] = [
  {
    decision: 'inclusion',
    words: {
      en: {
        input: 'We read your words as a wish to see what is decided and what it costs.',
        considered: 'The working group on public money discussed it on 22 March together with similar ideas.',
        influence: 'It became milestone 2 of commitment 1.',
        reason: 'Included: the data exist already and can be published this year.',
        beyond: 'The publication stays after this plan; the forum looks at it every six months.',
      },
      es: {
        input: 'Entendimos que quiere ver qué se decide y cuánto cuesta.',
        considered: 'El grupo de trabajo sobre dinero público lo trató el 22 de marzo junto con ideas parecidas.',
        influence: 'Se convirtió en el hito 2 del compromiso 1.',
        reason: 'Incluida: los datos ya existen y se pueden publicar este año.',
        beyond: 'La publicación sigue después de este plan; el foro la revisa cada seis meses.',
      },
      fr: {
        input: 'Nous avons compris que vous voulez voir ce qui est décidé et ce que cela coûte.',
        considered: 'Le groupe de travail sur l’argent public en a discuté le 22 mars avec des idées proches.',
        influence: 'C’est devenu l’étape 2 de l’engagement 1.',
        reason: 'Retenue : les données existent déjà et peuvent être publiées cette année.',
        beyond: 'La publication continue après ce plan ; le forum la vérifie tous les six mois.',
      },
    },
  },
  {
    decision: 'amendment',
    words: {
      en: {
        input: 'We read your words as a wish for information that people can really use.',
        considered: 'The forum asked the two ministries concerned and weighed cost against use.',
        influence: 'Commitment 3 now begins with five towns instead of the whole country.',
        reason: 'Included with changes: there is money for five towns in the first year.',
        beyond: 'The other towns are foreseen for the second year of the plan.',
      },
      es: {
        input: 'Entendimos que quiere información que la gente pueda usar de verdad.',
        considered: 'El foro consultó a los dos ministerios implicados y comparó el costo con la utilidad.',
        influence: 'El compromiso 3 empieza ahora con cinco municipios en lugar de todo el país.',
        reason: 'Incluida con cambios: hay dinero para cinco municipios en el primer año.',
        beyond: 'Los demás municipios están previstos para el segundo año del plan.',
      },
      fr: {
        input: 'Nous avons compris que vous voulez des informations vraiment utiles aux gens.',
        considered: 'Le forum a interrogé les deux ministères concernés et comparé le coût et l’utilité.',
        influence: 'L’engagement 3 commence maintenant par cinq communes au lieu de tout le pays.',
        reason: 'Retenue avec des modifications : il y a de l’argent pour cinq communes la première année.',
        beyond: 'Les autres communes sont prévues pour la deuxième année du plan.',
      },
    },
  },
  {
    decision: 'rejection',
    words: {
      en: {
        input: 'We read your words as a wish to change how decisions are made.',
        considered: 'The forum discussed it on 29 March; both sides voted.',
        influence: 'It did not change this plan.',
        reason: 'Not included: it needs a new law, which this plan cannot make.',
        beyond: 'It has been handed to the parliamentary committee with your reference.',
      },
      es: {
        input: 'Entendimos que quiere cambiar la manera de decidir.',
        considered: 'El foro lo debatió el 29 de marzo; votaron las dos partes.',
        influence: 'No cambió este plan.',
        reason: 'No incluida: necesita una ley nueva, y este plan no puede hacerla.',
        beyond: 'Se entregó a la comisión parlamentaria con su número de referencia.',
      },
      fr: {
        input: 'Nous avons compris que vous voulez changer la manière de décider.',
        considered: 'Le forum en a débattu le 29 mars ; les deux parties ont voté.',
        influence: 'Cela n’a pas changé ce plan.',
        reason: 'Non retenue : il faut une nouvelle loi, que ce plan ne peut pas faire.',
        beyond: 'Elle a été transmise à la commission parlementaire avec votre référence.',
      },
    },
  },
];
