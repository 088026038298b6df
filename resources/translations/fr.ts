<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
<context>
    <name></name>
    <message>
        <source>Which category is it? What you decided the last time is not shown.</source>
        <translation>Quelle est la catégorie ? Votre décision précédente n’est pas montrée.</translation>
    </message>
    <message>
        <source>There is no suggestion yet. Choose a category, or train a classifier.</source>
        <translation>Pas encore de suggestion. Choisissez une catégorie ou entraînez un classifieur.</translation>
    </message>
    <message>
        <source>{0} % sure</source>
        <translation>sûr à {0} %</translation>
    </message>
    <message>
        <source>{0} is proposed, {1}</source>
        <translation>{0} est proposé, {1}</translation>
    </message>
    <message>
        <source>{0}, as it is labelled, {1}</source>
        <translation>{0}, comme il est étiqueté, {1}</translation>
    </message>
    <message>
        <source>{0} rather than {1}, {2}</source>
        <translation>{0} plutôt que {1}, {2}</translation>
    </message>
    <message>
        <source>because of {0}</source>
        <translation>à cause de {0}</translation>
    </message>
    <message>
        <source>{0} of the {1} nearest agree</source>
        <translation>{0} des {1} plus proches sont d’accord</translation>
    </message>
    <message>
        <source>text {0} %, picture {1} %</source>
        <translation>texte {0} %, image {1} %</translation>
    </message>
    <message>
        <source>Most queues need suggestions. Train a classifier first (Ctrl+R).</source>
        <translation>La plupart des files ont besoin de suggestions. Entraînez d’abord un classifieur (Ctrl+R).</translation>
    </message>
    <message>
        <source>No product needs this look now. Choose another queue.</source>
        <translation>Aucun produit n’a besoin de ce regard. Choisissez une autre file.</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Pas encore de produits</translation>
    </message>
    <message>
        <source>Import a catalogue; what is worth a look is then here.</source>
        <translation>Importez un catalogue ; ce qui mérite un regard apparaît ici.</translation>
    </message>
    <message>
        <source>Ordering queues</source>
        <translation>Préparation des files</translation>
    </message>
    <message>
        <source>What is worth a look is being worked out.</source>
        <translation>Ce qui mérite un regard est en cours de calcul.</translation>
    </message>
    <message>
        <source>No queues yet</source>
        <translation>Pas encore de files</translation>
    </message>
    <message>
        <source>Order queues</source>
        <translation>Préparer les files</translation>
    </message>
    <message>
        <source>Nothing here</source>
        <translation>Rien ici</translation>
    </message>
    <message>
        <source>{0:,} products decided with {1:,} keys. Training now makes the next suggestions better.</source>
        <translation>{0:,} produits décidés en {1:,} touches. Un entraînement améliore les prochaines suggestions.</translation>
    </message>
    <message>
        <source>This queue is done</source>
        <translation>Cette file est terminée</translation>
    </message>
    <message>
        <source>Train and suggest</source>
        <translation>Entraîner et suggérer</translation>
    </message>
    <message>
        <source>{0}, too? Nearly the same article as the one before; take out what is not.</source>
        <translation>{0} aussi ? Presque le même article que le précédent ; retirez ce qui n’en est pas.</translation>
    </message>
    <message>
        <source>{0}; perhaps {1}</source>
        <translation>{0} ; peut-être {1}</translation>
    </message>
    <message>
        <source>Nothing of yours is left to be asked again.</source>
        <translation>Plus aucune de vos décisions n’est à redemander.</translation>
    </message>
</context>
<context>
    <name>AcceptPanel</name>
    <message>
        <source>Precision</source>
        <translation>Précision</translation>
    </message>
    <message>
        <source>also imported labels that agree</source>
        <translation>aussi les étiquettes importées qui concordent</translation>
    </message>
    <message>
        <source>{0:,} suggestions accepted as one step. Ctrl+Z takes them back.</source>
        <translation>{0:,} suggestions acceptées en une étape. Ctrl+Z les annule.</translation>
    </message>
    <message>
        <source>Drawing the line</source>
        <translation>Tracé de la limite</translation>
    </message>
    <message>
        <source>There is no line to draw yet</source>
        <translation>Pas encore de limite à tracer</translation>
    </message>
    <message>
        <source>What each precision covers.</source>
        <translation>Ce que couvre chaque précision.</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} suggestions are above the line</source>
        <translation>{0:,} suggestions sur {1:,} sont au-dessus de la limite</translation>
    </message>
    <message>
        <source>About {0:.1f} of them will be wrong. Beside each category: those it is least sure of.</source>
        <translation>Environ {0:.1f} seront fausses. À côté de chaque catégorie : les moins sûres.</translation>
    </message>
    <message>
        <source>Every product has a label or a decision. Tick the box to confirm imported labels, too.</source>
        <translation>Chaque produit a une étiquette ou une décision. Cochez la case pour confirmer aussi les étiquettes importées.</translation>
    </message>
    <message>
        <source>Accept {0:,}  ⏎</source>
        <translation>Accepter {0:,}  ⏎</translation>
    </message>
    <message>
        <source>Per category</source>
        <translation>Par catégorie</translation>
    </message>
    <message>
        <source>no line</source>
        <translation>sans limite</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} suggestions, however sure</source>
        <translation>{0:,} suggestions sur {1:,}, quelle que soit leur confiance</translation>
    </message>
    <message>
        <source>No precision is promised. By their confidences about {0:.1f} of them ({1:.1f} %) will be wrong, more where few labels taught it: a random check tells.</source>
        <translation>Aucune précision n’est promise. D’après leur confiance, environ {0:.1f} d’entre elles ({1:.1f} %) seront fausses, davantage si peu d’étiquettes l’ont formé : un contrôle au hasard le dira.</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Project</source>
        <translation>Projet</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Édition</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Sélection</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Étiquette</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Affichage</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Travaux</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Ouvrir la démo</translation>
    </message>
    <message>
        <source>Import products</source>
        <translation>Importer des produits</translation>
    </message>
    <message>
        <source>Export products</source>
        <translation>Exporter les produits</translation>
    </message>
    <message>
        <source>Export selection</source>
        <translation>Exporter la sélection</translation>
    </message>
    <message>
        <source>Save picture of the map</source>
        <translation>Enregistrer l’image de la carte</translation>
    </message>
    <message>
        <source>Close project</source>
        <translation>Fermer le projet</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Show all products</source>
        <translation>Montrer tous les produits</translation>
    </message>
    <message>
        <source>Select all shown</source>
        <translation>Sélectionner tout ce qui est montré</translation>
    </message>
    <message>
        <source>Invert selection</source>
        <translation>Inverser la sélection</translation>
    </message>
    <message>
        <source>Clear selection or proposal</source>
        <translation>Effacer la sélection ou la proposition</translation>
    </message>
    <message>
        <source>Select same category</source>
        <translation>Sélectionner la même catégorie</translation>
    </message>
    <message>
        <source>Select same cluster</source>
        <translation>Sélectionner le même groupe</translation>
    </message>
    <message>
        <source>Grow to neighbours</source>
        <translation>Étendre aux voisins</translation>
    </message>
    <message>
        <source>Apply the proposed relabelling</source>
        <translation>Appliquer le reclassement proposé</translation>
    </message>
    <message>
        <source>Relabel to…</source>
        <translation>Reclasser dans…</translation>
    </message>
    <message>
        <source>Accept suggestion</source>
        <translation>Accepter la suggestion</translation>
    </message>
    <message>
        <source>Reject suggestion</source>
        <translation>Rejeter la suggestion</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>Signaler</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Skip to next product</source>
        <translation>Passer au produit suivant</translation>
    </message>
    <message>
        <source>Back to previous product</source>
        <translation>Revenir au produit précédent</translation>
    </message>
    <message>
        <source>New category</source>
        <translation>Nouvelle catégorie</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Déplacer</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Rectangle</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinceau</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Agrandir</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Réduire</translation>
    </message>
    <message>
        <source>Fit all</source>
        <translation>Tout cadrer</translation>
    </message>
    <message>
        <source>Fit selection</source>
        <translation>Cadrer la sélection</translation>
    </message>
    <message>
        <source>Back to last view</source>
        <translation>Vue précédente</translation>
    </message>
    <message>
        <source>Forward to next view</source>
        <translation>Vue suivante</translation>
    </message>
    <message>
        <source>Left panel</source>
        <translation>Panneau gauche</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>Légende</translation>
    </message>
    <message>
        <source>Selection as table or pictures</source>
        <translation>Sélection en tableau ou en images</translation>
    </message>
    <message>
        <source>Move panels</source>
        <translation>Déplacer les panneaux</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>Sombre ou clair</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Texte plus grand</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Texte plus petit</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Faire la carte</translation>
    </message>
    <message>
        <source>Train and suggest</source>
        <translation>Entraîner et suggérer</translation>
    </message>
    <message>
        <source>Cancel work</source>
        <translation>Annuler le travail en cours</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
    <message>
        <source>Show the tour</source>
        <translation>Montrer la visite guidée</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
    <message>
        <source>Category key</source>
        <translation>Touche de catégorie</translation>
    </message>
    <message>
        <source>English or French</source>
        <translation>Anglais ou français</translation>
    </message>
    <message>
        <source>Search for a copied picture</source>
        <translation>Chercher une image copiée</translation>
    </message>
    <message>
        <source>One by one, or all alike at once</source>
        <translation>Un par un, ou tous les semblables à la fois</translation>
    </message>
    <message>
        <source>Next queue</source>
        <translation>File suivante</translation>
    </message>
    <message>
        <source>Previous queue</source>
        <translation>File précédente</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Revue</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Train again by itself, or only when asked</source>
        <translation>Réentraîner tout seul, ou seulement sur demande</translation>
    </message>
    <message>
        <source>Keys for this one or for all selected</source>
        <translation>Touches pour celui-ci ou pour toute la sélection</translation>
    </message>
    <message>
        <source>Take out of the selection</source>
        <translation>Retirer de la sélection</translation>
    </message>
    <message>
        <source>Take in or leave out of the batch or proposal</source>
        <translation>Prendre dans le lot ou la proposition, ou laisser de côté</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>Galerie</translation>
    </message>
    <message>
        <source>Gallery large or small</source>
        <translation>Galerie grande ou petite</translation>
    </message>
    <message>
        <source>Agreement of curators</source>
        <translation>Accord des curateurs</translation>
    </message>
    <message>
        <source>Who decides…</source>
        <translation>Qui décide…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Change a category…</source>
        <translation>Modifier une catégorie…</translation>
    </message>
    <message>
        <source>Maps side by side</source>
        <translation>Cartes côte à côte</translation>
    </message>
    <message>
        <source>Search Open Food Facts</source>
        <translation>Chercher dans Open Food Facts</translation>
    </message>
    <message>
        <source>Train joint fusion, a network</source>
        <translation>Entraîner la fusion conjointe, un réseau</translation>
    </message>
    <message>
        <source>Train a network of pictures alone</source>
        <translation>Entraîner un réseau sur les seules images</translation>
    </message>
    <message>
        <source>Backups…</source>
        <translation>Sauvegardes…</translation>
    </message>
    <message>
        <source>Train joint fusion, USE learns too</source>
        <translation>Entraîner une fusion conjointe où USE apprend aussi</translation>
    </message>
    <message>
        <source>Put this one into the selection, or take it out</source>
        <translation>Mettre celui-ci dans la sélection, ou l’en retirer</translation>
    </message>
    <message>
        <source>Select only what is marked below</source>
        <translation>Ne sélectionner que ce qui est marqué en bas</translation>
    </message>
    <message>
        <source>Lay the map out by t-SNE</source>
        <translation>Disposer la carte par t-SNE</translation>
    </message>
    <message>
        <source>Lay the map out by UMAP</source>
        <translation>Disposer la carte par UMAP</translation>
    </message>
    <message>
        <source>Lay the map out by PCA</source>
        <translation>Disposer la carte par ACP</translation>
    </message>
</context>
<context>
    <name>Again</name>
    <message>
        <source>{0:,} corrections</source>
        <translation>{0:,} corrections</translation>
    </message>
    <message>
        <source>{0:,} min</source>
        <translation>{0:,} min</translation>
    </message>
    <message>
        <source>again after</source>
        <translation>à nouveau après</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
</context>
<context>
    <name>AgreementPanel</name>
    <message>
        <source>What curators see differently</source>
        <translation>Ce que les curateurs voient autrement</translation>
    </message>
    <message>
        <source>Show them on the map</source>
        <translation>Les montrer sur la carte</translation>
    </message>
    <message>
        <source>You decide as {0}. Change</source>
        <translation>Vous décidez en tant que {0}. Changer</translation>
    </message>
    <message>
        <source>Open ({0:,})</source>
        <translation>En suspens ({0:,})</translation>
    </message>
    <message>
        <source>So far only one person has decided. When a colleague opens the project under another name and judges the same products, agreement is shown here.</source>
        <translation>Jusqu’ici une seule personne a décidé. Quand un collègue ouvre le projet sous un autre nom et juge les mêmes produits, l’accord s’affiche ici.</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} products judged alike</source>
        <translation>{0:,} produits sur {1:,} jugés de même</translation>
    </message>
    <message>
        <source>kappa cannot be told: both always said the same</source>
        <translation>kappa indéterminé : les deux ont toujours dit la même chose</translation>
    </message>
    <message>
        <source>kappa {0:.2f} ({1:.2f} to {2:.2f}), {3}</source>
        <translation>kappa {0:.2f} ({1:.2f} à {2:.2f}), {3}</translation>
    </message>
    <message>
        <source>poor</source>
        <translation>nul</translation>
    </message>
    <message>
        <source>slight</source>
        <translation>très faible</translation>
    </message>
    <message>
        <source>fair</source>
        <translation>faible</translation>
    </message>
    <message>
        <source>moderate</source>
        <translation>modéré</translation>
    </message>
    <message>
        <source>substantial</source>
        <translation>fort</translation>
    </message>
    <message>
        <source>almost perfect</source>
        <translation>presque parfait</translation>
    </message>
    <message>
        <source>It is {0}</source>
        <translation>C’est {0}</translation>
    </message>
    <message>
        <source>Agreement of curators</source>
        <translation>Accord des curateurs</translation>
    </message>
</context>
<context>
    <name>AttributeTable</name>
    <message>
        <source>Attributes</source>
        <translation>Attributs</translation>
    </message>
</context>
<context>
    <name>BackupsDialog</name>
    <message>
        <source>Backups</source>
        <translation>Sauvegardes</translation>
    </message>
    <message>
        <source>Backups, newest first</source>
        <translation>Sauvegardes, la plus récente en premier</translation>
    </message>
    <message>
        <source>What the backup holds</source>
        <translation>Ce que contient la sauvegarde</translation>
    </message>
    <message>
        <source>It holds</source>
        <translation>Contenu</translation>
    </message>
    <message>
        <source>{0} (cannot be used)</source>
        <translation>{0} (inutilisable)</translation>
    </message>
    <message>
        <source>before an import</source>
        <translation>avant une importation</translation>
    </message>
    <message>
        <source>before suggestions were accepted</source>
        <translation>avant d’accepter des suggestions</translation>
    </message>
    <message>
        <source>before many labels changed</source>
        <translation>avant de changer beaucoup d’étiquettes</translation>
    </message>
    <message>
        <source>before a taxonomy came in</source>
        <translation>avant l’arrivée d’une taxonomie</translation>
    </message>
    <message>
        <source>before a restore</source>
        <translation>avant un retour en arrière</translation>
    </message>
    <message>
        <source>before a repair</source>
        <translation>avant une réparation</translation>
    </message>
    <message>
        <source>while you worked</source>
        <translation>pendant votre travail</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>à votre demande</translation>
    </message>
    <message>
        <source>before a new version of prodlabel changed the file</source>
        <translation>avant qu’une nouvelle version de prodlabel change le fichier</translation>
    </message>
    <message>
        <source>Made before every large step and while you work. Going back keeps the present state as a backup, so that it can be taken back too.</source>
        <translation>Faites avant chaque grande étape et pendant votre travail. Revenir en arrière garde l’état présent comme sauvegarde : cela aussi peut être repris.</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Sauvegarder maintenant</translation>
    </message>
    <message>
        <source>Rescue what is whole</source>
        <translation>Sauver ce qui est intact</translation>
    </message>
    <message>
        <source>Reads around the damage and fills gaps from the backups; the damaged file is kept</source>
        <translation>Lit autour des dégâts et comble les trous avec les sauvegardes ; le fichier abîmé est gardé</translation>
    </message>
    <message>
        <source>Go back to this one</source>
        <translation>Revenir à celle-ci</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>There is no backup yet.</source>
        <translation>Il n’y a pas encore de sauvegarde.</translation>
    </message>
    <message>
        <source>{0:,} products, {1:,} with a category</source>
        <translation>{0:,} produits, dont {1:,} avec une catégorie</translation>
    </message>
    <message>
        <source>{0:,} decided by somebody</source>
        <translation>{0:,} décidés par quelqu’un</translation>
    </message>
    <message>
        <source>{0:,} categories, {1:,} steps of history</source>
        <translation>{0:,} catégories, {1:,} étapes d’historique</translation>
    </message>
    <message>
        <source>{0:,.1f} MB, {1}</source>
        <translation>{0:,.1f} Mo, {1}</translation>
    </message>
    <message>
        <source>The last steps:</source>
        <translation>Les dernières étapes :</translation>
    </message>
    <message>
        <source>before many labels were taken back</source>
        <translation>avant l’annulation de nombreuses étiquettes</translation>
    </message>
</context>
<context>
    <name>BatchView</name>
    <message>
        <source>Products that look alike</source>
        <translation>Produits qui se ressemblent</translation>
    </message>
</context>
<context>
    <name>CalibrationChart</name>
    <message>
        <source>said to be sure, %</source>
        <translation>certitude annoncée, %</translation>
    </message>
    <message>
        <source>right, %</source>
        <translation>juste, %</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Calibration</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>Accept  A</source>
        <translation>Accepter  A</translation>
    </message>
    <message>
        <source>Note: {0}</source>
        <translation>Note : {0}</translation>
    </message>
    <message>
        <source>Why it is here</source>
        <translation>Pourquoi il est ici</translation>
    </message>
    <message>
        <source>Nearest labelled</source>
        <translation>Étiquetés les plus proches</translation>
    </message>
    <message>
        <source>Labelled before</source>
        <translation>Étiqueté auparavant</translation>
    </message>
    <message>
        <source>Nearest labelled products</source>
        <translation>Produits étiquetés les plus proches</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>About the product</source>
        <translation>À propos du produit</translation>
    </message>
</context>
<context>
    <name>CategoryCommands</name>
    <message>
        <source>Select its products</source>
        <translation>Sélectionner ses produits</translation>
    </message>
    <message>
        <source>Relabel the selection to it</source>
        <translation>Y reclasser la sélection</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Renommer…</translation>
    </message>
    <message>
        <source>New category below…</source>
        <translation>Nouvelle sous-catégorie…</translation>
    </message>
    <message>
        <source>Merge into…</source>
        <translation>Fusionner dans…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>New name of “{0}”</source>
        <translation>Nouveau nom de « {0} »</translation>
    </message>
    <message>
        <source>Name of the new category</source>
        <translation>Nom de la nouvelle catégorie</translation>
    </message>
    <message>
        <source>Merge into</source>
        <translation>Fusionner dans</translation>
    </message>
    <message>
        <source>Merge “{0}” into…</source>
        <translation>Fusionner « {0} » dans…</translation>
    </message>
    <message>
        <source>Split off the selected products…</source>
        <translation>Séparer les produits sélectionnés…</translation>
    </message>
    <message>
        <source>Move to…</source>
        <translation>Déplacer vers…</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>Couleur…</translation>
    </message>
    <message>
        <source>Key…</source>
        <translation>Touche…</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>Which category shall change?</source>
        <translation>Quelle catégorie modifier ?</translation>
    </message>
    <message>
        <source>What shall be done to “{0}”?</source>
        <translation>Que faire de « {0} » ?</translation>
    </message>
    <message>
        <source>Name of the category for these {0:,} products</source>
        <translation>Nom de la catégorie pour ces {0:,} produits</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>Déplacer vers</translation>
    </message>
    <message>
        <source>the top</source>
        <translation>le sommet</translation>
    </message>
    <message>
        <source>Move “{0}” to…</source>
        <translation>Déplacer « {0} » vers…</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Couleur</translation>
    </message>
    <message>
        <source>as it was at first</source>
        <translation>comme au départ</translation>
    </message>
    <message>
        <source>Colour of “{0}”</source>
        <translation>Couleur de « {0} »</translation>
    </message>
    <message>
        <source>Key of “{0}”</source>
        <translation>Touche de « {0} »</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>bleu</translation>
    </message>
    <message>
        <source>orange</source>
        <translation>orange</translation>
    </message>
    <message>
        <source>green</source>
        <translation>vert</translation>
    </message>
    <message>
        <source>pink</source>
        <translation>rose</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>jaune</translation>
    </message>
    <message>
        <source>violet</source>
        <translation>violet</translation>
    </message>
    <message>
        <source>red</source>
        <translation>rouge</translation>
    </message>
    <message>
        <source>Describe…</source>
        <translation>Décrire…</translation>
    </message>
    <message>
        <source>What belongs to “{0}”, in a sentence</source>
        <translation>Ce qui appartient à « {0} », en une phrase</translation>
    </message>
</context>
<context>
    <name>CategoryLine</name>
    <message>
        <source>{0}, {1} accepted</source>
        <translation>{0}, {1} acceptés</translation>
    </message>
    <message>
        <source>from {0:.0f} % sure</source>
        <translation>à partir de {0:.0f} % de certitude</translation>
    </message>
    <message>
        <source>not promised</source>
        <translation>non garanti</translation>
    </message>
    <message>
        <source>{0:,} of {1:,} were right</source>
        <translation>{0:,} sur {1:,} étaient justes</translation>
    </message>
    <message>
        <source>all</source>
        <translation>toutes</translation>
    </message>
</context>
<context>
    <name>CategoryPlans</name>
    <message>
        <source>at the top</source>
        <translation>au sommet</translation>
    </message>
    <message>
        <source>below “{0}”</source>
        <translation>sous « {0} »</translation>
    </message>
    <message>
        <source>It stands {0} and stays, also while it is empty.</source>
        <translation>Elle se trouve {0} et reste, même vide.</translation>
    </message>
    <message>
        <source>New category</source>
        <translation>Nouvelle catégorie</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>La créer</translation>
    </message>
    <message>
        <source>Its key stays “{0}”: exports and imports know it as before.</source>
        <translation>Sa clé reste « {0} » : exports et imports la connaissent comme avant.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Renommer</translation>
    </message>
    <message>
        <source>{0:,} categories below it move along; no label changes.</source>
        <translation>{0:,} catégories en dessous suivent ; aucune étiquette ne change.</translation>
    </message>
    <message>
        <source>the top</source>
        <translation>le sommet</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Déplacer</translation>
    </message>
    <message>
        <source>“{0}” is removed; labels keep their status.</source>
        <translation>« {0} » est retirée ; les étiquettes gardent leur statut.</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Fusionner</translation>
    </message>
    <message>
        <source>{0:,} stay in “{1}”; labels keep their status.</source>
        <translation>{0:,} restent dans « {1} » ; les étiquettes gardent leur statut.</translation>
    </message>
    <message>
        <source>Split off {0:,}</source>
        <translation>En séparer {0:,}</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Diviser</translation>
    </message>
    <message>
        <source>What lies below it takes the colour too; its shape stays.</source>
        <translation>Ce qui est en dessous prend aussi la couleur ; sa forme reste.</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Couleur</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>The other categories share the other digits.</source>
        <translation>Les autres catégories se partagent les autres chiffres.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Touche</translation>
    </message>
    <message>
        <source>It is empty. The history keeps it, and Ctrl+Z brings it back.</source>
        <translation>Elle est vide. L’historique la garde, et Ctrl+Z la ramène.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>While there are few labels, suggestions read it together with the name.</source>
        <translation>Tant qu&apos;il y a peu d&apos;étiquettes, les suggestions la lisent avec le nom.</translation>
    </message>
    <message>
        <source>Describe</source>
        <translation>Décrire</translation>
    </message>
</context>
<context>
    <name>ChoiceBar</name>
    <message>
        <source>, {0} %</source>
        <translation>, {0} %</translation>
    </message>
    <message>
        <source>, key {0}</source>
        <translation>, touche {0}</translation>
    </message>
</context>
<context>
    <name>ChoosePage</name>
    <message>
        <source>Or drop a file, a folder or a ZIP on the window at any time.</source>
        <translation>Ou déposez à tout moment un fichier, un dossier ou un ZIP sur la fenêtre.</translation>
    </message>
    <message>
        <source>Import products</source>
        <translation>Importer des produits</translation>
    </message>
    <message>
        <source>Nothing is written before you have seen what would come in.</source>
        <translation>Rien n’est écrit avant que vous ayez vu ce qui entrerait.</translation>
    </message>
    <message>
        <source>A file…</source>
        <translation>Un fichier…</translation>
    </message>
    <message>
        <source>CSV, TSV, XLSX, JSON, Parquet, SQLite, XML, or a ZIP with pictures</source>
        <translation>CSV, TSV, XLSX, JSON, Parquet, SQLite, XML, ou un ZIP avec des images</translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation>Un dossier…</translation>
    </message>
    <message>
        <source>a folder of pictures for each category, or a data set</source>
        <translation>un dossier d’images par catégorie, ou un jeu de données</translation>
    </message>
    <message>
        <source>the open database of food products: words, barcodes or filters</source>
        <translation>la base ouverte des produits alimentaires : mots, codes-barres ou filtres</translation>
    </message>
    <message>
        <source>a food database for customers: needs a key of your own</source>
        <translation>une base alimentaire pour ses clients : il faut une clé à vous</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>Importer un dossier</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Import a catalogue</source>
        <translation>Importer un catalogue</translation>
    </message>
    <message>
        <source>Catalogues</source>
        <translation>Catalogues</translation>
    </message>
</context>
<context>
    <name>Colouring</name>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Confiance</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Statut</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>no category</source>
        <translation>sans catégorie</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>{0:,} others</source>
        <translation>{0:,} autres</translation>
    </message>
    <message>
        <source>Date of the label</source>
        <translation>Date de l’étiquette</translation>
    </message>
    <message>
        <source>As colour</source>
        <translation>Comme la couleur</translation>
    </message>
    <message>
        <source>All alike</source>
        <translation>Toutes pareilles</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Suggestion against label</source>
        <translation>Suggestion contre étiquette</translation>
    </message>
    <message>
        <source>Text against picture</source>
        <translation>Texte contre image</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
</context>
<context>
    <name>ConfusionMatrix</name>
    <message>
        <source>Confusion matrix; arrows move, Enter opens the products</source>
        <translation>Matrice de confusion ; les flèches déplacent, Entrée ouvre les produits</translation>
    </message>
    <message>
        <source>recall</source>
        <translation>rappel</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>précision</translation>
    </message>
    <message>
        <source>{0:,} labelled {1}, suggested {2}. Click shows them on the map.</source>
        <translation>{0:,} étiquetés {1}, suggérés {2}. Un clic les montre sur la carte.</translation>
    </message>
</context>
<context>
    <name>CoverageChart</name>
    <message>
        <source>accepted, %</source>
        <translation>acceptés, %</translation>
    </message>
    <message>
        <source>of these right, %</source>
        <translation>dont justes, %</translation>
    </message>
    <message>
        <source>Coverage and precision; arrows move the line</source>
        <translation>Couverture et précision ; les flèches déplacent la ligne</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong in prodlabel</source>
        <translation>Une erreur s’est produite dans prodlabel</translation>
    </message>
    <message>
        <source>This is a defect of the program. Your labels are safe: each was written when it was made.</source>
        <translation>C’est un défaut du programme. Vos étiquettes sont en sûreté : chacune a été écrite au moment où elle a été posée.</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>Copier le rapport</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Une erreur s’est produite</translation>
    </message>
</context>
<context>
    <name>Deciding</name>
    <message>
        <source>Nothing is selected. Select products first, then press the key.</source>
        <translation>Rien n’est sélectionné. Sélectionnez d’abord des produits, puis appuyez sur la touche.</translation>
    </message>
    <message>
        <source>There is no suggestion for this product.</source>
        <translation>Il n’y a pas de suggestion pour ce produit.</translation>
    </message>
    <message>
        <source>There are no suggestions yet. Train a classifier: Ctrl+R.</source>
        <translation>Pas encore de suggestions. Entraînez un classifieur : Ctrl+R.</translation>
    </message>
</context>
<context>
    <name>DifferenceModel</name>
    <message>
        <source>Take it</source>
        <translation>Prendre</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Champ</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Ici</translation>
    </message>
    <message>
        <source>The source says</source>
        <translation>La source dit</translation>
    </message>
    <message>
        <source>It said before</source>
        <translation>Elle disait</translation>
    </message>
    <message>
        <source>name</source>
        <translation>nom</translation>
    </message>
    <message>
        <source>description</source>
        <translation>description</translation>
    </message>
    <message>
        <source>category</source>
        <translation>catégorie</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>pris</translation>
    </message>
    <message>
        <source>not taken</source>
        <translation>pas pris</translation>
    </message>
</context>
<context>
    <name>DifferenceTable</name>
    <message>
        <source>Differences</source>
        <translation>Différences</translation>
    </message>
</context>
<context>
    <name>DifferencesPage</name>
    <message>
        <source>Which differences</source>
        <translation>Quelles différences</translation>
    </message>
    <message>
        <source>What the source says otherwise now</source>
        <translation>Ce que la source dit autrement</translation>
    </message>
    <message>
        <source>{0:,} differences</source>
        <translation>{0:,} différences</translation>
    </message>
    <message>
        <source>{0:,} products are new</source>
        <translation>{0:,} produits sont nouveaux</translation>
    </message>
    <message>
        <source>{0:,} are no longer there and stay</source>
        <translation>{0:,} n’y sont plus et restent</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importer</translation>
    </message>
    <message>
        <source>Comparing with what the project has …</source>
        <translation>Comparaison avec le projet…</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Comparaison</translation>
    </message>
    <message>
        <source>All differences ({0:,})</source>
        <translation>Toutes les différences ({0:,})</translation>
    </message>
    <message>
        <source>Against a decision made here ({0:,})</source>
        <translation>Contre une décision prise ici ({0:,})</translation>
    </message>
    <message>
        <source>The others ({0:,})</source>
        <translation>Les autres ({0:,})</translation>
    </message>
    <message>
        <source>What was decided here (bold) stands unless you tick it. One step in the history.</source>
        <translation>Ce qui a été décidé ici (en gras) reste, sauf si vous cochez. Une seule étape de l’historique.</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>Tout cocher</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>Ne rien cocher</translation>
    </message>
</context>
<context>
    <name>EndedDialog</name>
    <message>
        <source>prodlabel did not close properly</source>
        <translation>prodlabel ne s’est pas fermé correctement</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>The last time prodlabel ended unexpectedly</source>
        <translation>La dernière fois, prodlabel s’est arrêté de façon inattendue</translation>
    </message>
    <message>
        <source>The last one, {0}: {1}</source>
        <translation>La dernière, {0} : {1}</translation>
    </message>
    <message>
        <source>Selection, map and panels come back as they were.</source>
        <translation>La sélection, la carte et les panneaux reviennent tels qu’ils étaient.</translation>
    </message>
    <message>
        <source>Reading what it holds…</source>
        <translation>Lecture de son contenu…</translation>
    </message>
    <message>
        <source>The report is saved as {0}.</source>
        <translation>Le rapport est enregistré sous {0}.</translation>
    </message>
    <message>
        <source>What was restored</source>
        <translation>Ce qui a été rétabli</translation>
    </message>
    <message>
        <source>No project was open, so nothing is lost.</source>
        <translation>Aucun projet n’était ouvert : rien n’est perdu.</translation>
    </message>
    <message>
        <source>“{0}” was open.</source>
        <translation>« {0} » était ouvert.</translation>
    </message>
    <message>
        <source>Show the report</source>
        <translation>Afficher le rapport</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>Copier le rapport</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Enregistrer…</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Le rouvrir</translation>
    </message>
    <message>
        <source>Hide the report</source>
        <translation>Masquer le rapport</translation>
    </message>
    <message>
        <source>Nothing is lost: all {0:,} entries of its history are there.</source>
        <translation>Rien n’est perdu : les {0:,} entrées de son historique sont toutes là.</translation>
    </message>
    <message>
        <source>The report helps to find the cause. Your home folder, names and keys are taken out of it, and it goes nowhere by itself.</source>
        <translation>Le rapport aide à trouver la cause. Votre dossier personnel, les noms et les clés en sont retirés, et il ne part nulle part tout seul.</translation>
    </message>
    <message>
        <source>Under way and not done: {0}. Start it again; what it had saved by then is kept.</source>
        <translation>En cours et inachevé : {0}. Relancez ; ce qui était déjà enregistré est conservé.</translation>
    </message>
    <message>
        <source>Nothing is lost: the one entry of its history is there.</source>
        <translation>Rien n’est perdu : l’unique entrée de son historique est là.</translation>
    </message>
</context>
<context>
    <name>EpochChart</name>
    <message>
        <source>epochs</source>
        <translation>époques</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Picture (*.png);;Drawing (*.svg)</source>
        <translation>Image (*.png);;Dessin (*.svg)</translation>
    </message>
    <message>
        <source>Save picture of the map</source>
        <translation>Enregistrer l’image de la carte</translation>
    </message>
    <message>
        <source>Table (*.csv);;Lines of JSON (*.jsonl);;Parquet (*.parquet)</source>
        <translation>Tableau (*.csv);;Lignes JSON (*.jsonl);;Parquet (*.parquet)</translation>
    </message>
    <message>
        <source>Export products</source>
        <translation>Exporter les produits</translation>
    </message>
</context>
<context>
    <name>FacetPanel</name>
    <message>
        <source>Find a value</source>
        <translation>Chercher une valeur</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Valeurs</translation>
    </message>
    <message>
        <source>unnamed</source>
        <translation>sans nom</translation>
    </message>
</context>
<context>
    <name>FoodForm</name>
    <message>
        <source>Words</source>
        <translation>Mots</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Country</source>
        <translation>Pays</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Your e-mail</source>
        <translation>Votre adresse e-mail</translation>
    </message>
    <message>
        <source>all fields are kept</source>
        <translation>tous les champs sont gardés</translation>
    </message>
    <message>
        <source>{0} fields are kept</source>
        <translation>{0} champs sont gardés</translation>
    </message>
    <message>
        <source>A file with one barcode a line</source>
        <translation>Un fichier avec un code-barres par ligne</translation>
    </message>
    <message>
        <source>name</source>
        <translation>nom</translation>
    </message>
    <message>
        <source>category</source>
        <translation>catégorie</translation>
    </message>
    <message>
        <source>description</source>
        <translation>description</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>image</translation>
    </message>
    <message>
        <source>brand</source>
        <translation>marque</translation>
    </message>
    <message>
        <source>Barcodes</source>
        <translation>Codes-barres</translation>
    </message>
    <message>
        <source>from a file…</source>
        <translation>d’un fichier…</translation>
    </message>
    <message>
        <source>How many</source>
        <translation>Combien</translation>
    </message>
    <message>
        <source>Look for</source>
        <translation>Chercher</translation>
    </message>
    <message>
        <source>Only products that have</source>
        <translation>Seulement les produits qui ont</translation>
    </message>
    <message>
        <source>Food databases want to know who asks. It is sent with each question.</source>
        <translation>Les bases alimentaires veulent savoir qui demande. L’adresse part avec chaque question.</translation>
    </message>
    <message>
        <source>in English</source>
        <translation>en anglais</translation>
    </message>
    <message>
        <source>as the product has it</source>
        <translation>celle du produit</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>un par ligne</translation>
    </message>
    <message>
        <source>Search first: then the fields that were found can be chosen.</source>
        <translation>Cherchez d’abord : les champs trouvés pourront être choisis.</translation>
    </message>
</context>
<context>
    <name>FoodPage</name>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Edamam is no open data: the terms of your plan apply.</source>
        <translation>Edamam n’est pas ouvert : les conditions de votre abonnement s’appliquent.</translation>
    </message>
    <message>
        <source>Open data (ODbL), pictures CC BY-SA. At most ten searches a minute are asked.</source>
        <translation>Données ouvertes (ODbL), images CC BY-SA. Dix recherches par minute au plus.</translation>
    </message>
    <message>
        <source>Import {0:,} products</source>
        <translation>Importer {0:,} produits</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Chercher</translation>
    </message>
    <message>
        <source>Say what to look for, then press Return. Nothing is written yet.</source>
        <translation>Dites quoi chercher, puis appuyez sur Entrée. Rien n’est encore écrit.</translation>
    </message>
    <message>
        <source>Asking {0} …</source>
        <translation>Question à {0}…</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>Recherche</translation>
    </message>
    <message>
        <source>Nothing was found. Try other words.</source>
        <translation>Rien n’a été trouvé. Essayez d’autres mots.</translation>
    </message>
    <message>
        <source>Stopped. What was answered is not asked for again.</source>
        <translation>Arrêté. Ce qui a été répondu ne sera pas redemandé.</translation>
    </message>
    <message>
        <source>Edamam answers only with a key. Enter yours on the left; it stays in the keyring.</source>
        <translation>Edamam ne répond qu’avec une clé. Entrez la vôtre à gauche ; elle reste dans le trousseau.</translation>
    </message>
    <message>
        <source>Food databases ask who is asking. Enter your e-mail on the left.</source>
        <translation>Les bases alimentaires demandent qui les interroge. Entrez votre e-mail à gauche.</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Selected products, least typical first</source>
        <translation>Produits sélectionnés, les moins typiques d’abord</translation>
    </message>
    <message>
        <source>Selected products as a table</source>
        <translation>Produits sélectionnés en tableau</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Trouvés</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Sélection</translation>
    </message>
    <message>
        <source>Nothing is selected. Draw around some points with the lasso (Q), or search (/).</source>
        <translation>Rien n’est sélectionné. Entourez des points avec le lasso (Q), ou cherchez (/).</translation>
    </message>
    <message>
        <source>No product fits the filter. Ctrl+Backspace shows all products again.</source>
        <translation>Aucun produit ne correspond au filtre. Ctrl+Retour arrière montre de nouveau tous les produits.</translation>
    </message>
    <message>
        <source>nearest first</source>
        <translation>les plus proches d’abord</translation>
    </message>
    <message>
        <source>least typical first</source>
        <translation>les moins typiques d’abord</translation>
    </message>
    <message>
        <source>product {id}, {category}, {status}</source>
        <translation>produit {id}, {category}, {status}</translation>
    </message>
    <message>
        <source>No product has these words. With ~ before them what they mean is looked for.</source>
        <translation>Aucun produit ne contient ces mots. Avec ~ devant, c’est leur sens qui est cherché.</translation>
    </message>
</context>
<context>
    <name>GalleryBar</name>
    <message>
        <source>this one</source>
        <translation>celui-ci</translation>
    </message>
    <message>
        <source>Keys for</source>
        <translation>Touches pour</translation>
    </message>
    <message>
        <source>Size of the pictures</source>
        <translation>Taille des images</translation>
    </message>
    <message>
        <source>table</source>
        <translation>tableau</translation>
    </message>
    <message>
        <source>all {0:,}</source>
        <translation>les {0:,}</translation>
    </message>
    <message>
        <source>Keys are for this product</source>
        <translation>Les touches valent pour ce produit</translation>
    </message>
    <message>
        <source>Keys are for all {0:,} selected</source>
        <translation>Les touches valent pour les {0:,} sélectionnés</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>images</translation>
    </message>
    <message>
        <source>select only these {0:,}</source>
        <translation>ne sélectionner que ces {0:,}</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Press Enter on a line to go back to that point</source>
        <translation>Appuyez sur Entrée sur une ligne pour revenir à ce point</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Import products</source>
        <translation>Importer des produits</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Changer…</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Because of {0}.</source>
        <translation>À cause de {0}.</translation>
    </message>
    <message>
        <source>{0} of the {1} nearest products agree.</source>
        <translation>{0} des {1} produits les plus proches concordent.</translation>
    </message>
    <message>
        <source>Text {0} %, picture {1} %.</source>
        <translation>Texte {0} %, image {1} %.</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Click a product on the map, or step through the
gallery with the arrows.</source>
        <translation>Cliquez un produit sur la carte, ou parcourez la
galerie avec les flèches.</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>Importing</source>
        <translation>Importation</translation>
    </message>
    <message>
        <source>Fetching pictures</source>
        <translation>Téléchargement des images</translation>
    </message>
    <message>
        <source>Looking at pictures</source>
        <translation>Lecture des images</translation>
    </message>
</context>
<context>
    <name>JobList</name>
    <message>
        <source>Jobs under way</source>
        <translation>Travaux en cours</translation>
    </message>
    <message>
        <source>{0:.0f} s left</source>
        <translation>encore {0:.0f} s</translation>
    </message>
    <message>
        <source>{0:.0f} min left</source>
        <translation>encore {0:.0f} min</translation>
    </message>
</context>
<context>
    <name>KeyFields</name>
    <message>
        <source>Where the key is from</source>
        <translation>D’où vient la clé</translation>
    </message>
    <message>
        <source>through RapidAPI</source>
        <translation>par RapidAPI</translation>
    </message>
    <message>
        <source>directly from Edamam</source>
        <translation>directement d’Edamam</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clé</translation>
    </message>
    <message>
        <source>The key is in this computer&apos;s keyring.</source>
        <translation>La clé est dans le trousseau de cet ordinateur.</translation>
    </message>
    <message>
        <source>Enter another key</source>
        <translation>Entrer une autre clé</translation>
    </message>
    <message>
        <source>Key for Edamam</source>
        <translation>Clé pour Edamam</translation>
    </message>
</context>
<context>
    <name>LabelHistory</name>
    <message>
        <source>Label</source>
        <translation>Étiquette</translation>
    </message>
</context>
<context>
    <name>LayoutChoice</name>
    <message>
        <source>like products lie in heaps: the best to sort by</source>
        <translation>les produits semblables forment des tas : la meilleure pour trier</translation>
    </message>
    <message>
        <source>heaps that are alike lie nearer to each other; takes longer</source>
        <translation>les tas qui se ressemblent sont plus proches ; prend plus de temps</translation>
    </message>
    <message>
        <source>at once, but only the largest differences show</source>
        <translation>tout de suite, mais seules les plus grandes différences se voient</translation>
    </message>
    <message>
        <source>How the map is laid out</source>
        <translation>Comment la carte est disposée</translation>
    </message>
    <message>
        <source>brought along</source>
        <translation>apportée</translation>
    </message>
    <message>
        <source>How the map is laid out: {0}</source>
        <translation>Comment la carte est disposée : {0}</translation>
    </message>
</context>
<context>
    <name>LearningChart</name>
    <message>
        <source>labels</source>
        <translation>étiquettes</translation>
    </message>
    <message>
        <source>macro-F1, %</source>
        <translation>macro-F1, %</translation>
    </message>
    <message>
        <source>Learning curve</source>
        <translation>Courbe d’apprentissage</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Legend</source>
        <translation>Légende</translation>
    </message>
</context>
<context>
    <name>LevelBox</name>
    <message>
        <source>Level of the categories that are suggested</source>
        <translation>Niveau des catégories suggérées</translation>
    </message>
    <message>
        <source>Suggests</source>
        <translation>Suggère</translation>
    </message>
    <message>
        <source>level {0}: {1:,} categories</source>
        <translation>niveau {0} : {1:,} catégories</translation>
    </message>
    <message>
        <source>From the next training on. Where it is unsure, it proposes the category above.</source>
        <translation>Dès le prochain entraînement. Dans le doute, la catégorie au-dessus est proposée.</translation>
    </message>
</context>
<context>
    <name>LookPanel</name>
    <message>
        <source>Colour by</source>
        <translation>Couleur :</translation>
    </message>
    <message>
        <source>Shape by</source>
        <translation>Forme :</translation>
    </message>
    <message>
        <source>Size by</source>
        <translation>Taille :</translation>
    </message>
    <message>
        <source>Shapes and sizes</source>
        <translation>Formes et tailles</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Catégories</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Revue</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>Galerie</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Accord</translation>
    </message>
</context>
<context>
    <name>MapPane</name>
    <message>
        <source>No products yet</source>
        <translation>Pas encore de produits</translation>
    </message>
    <message>
        <source>No map yet</source>
        <translation>Pas encore de carte</translation>
    </message>
    <message>
        <source>Import a table or a folder of pictures: Ctrl+I, or drop it here.</source>
        <translation>Importez un tableau ou un dossier d’images : Ctrl+I, ou déposez-le ici.</translation>
    </message>
    <message>
        <source>Texts and pictures are read once; then every product has its place.</source>
        <translation>Textes et images sont lus une fois ; ensuite chaque produit a sa place.</translation>
    </message>
    <message>
        <source>Import products</source>
        <translation>Importer des produits</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Faire la carte</translation>
    </message>
    <message>
        <source>Text and picture</source>
        <translation>Texte et image</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>{0} (to be made)</source>
        <translation>{0} (à calculer)</translation>
    </message>
</context>
<context>
    <name>MapSheet</name>
    <message>
        <source>Map of</source>
        <translation>Carte :</translation>
    </message>
    <message>
        <source>Close this map</source>
        <translation>Fermer cette carte</translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>Map of products</source>
        <translation>Carte des produits</translation>
    </message>
    <message>
        <source>Arrows pan, plus and minus zoom, 0 shows all, Shift and arrows go between products.</source>
        <translation>Les flèches déplacent, plus et moins agrandissent et réduisent, 0 montre tout, Maj et les flèches vont d’un produit à l’autre.</translation>
    </message>
</context>
<context>
    <name>MappingForm</name>
    <message>
        <source>Between the levels of a category</source>
        <translation>Entre les niveaux d’une catégorie</translation>
    </message>
    <message>
        <source>Guess anew</source>
        <translation>Deviner à nouveau</translation>
    </message>
    <message>
        <source>As you chose it the last time for these columns.</source>
        <translation>Comme vous l’avez choisi la dernière fois pour ces colonnes.</translation>
    </message>
    <message>
        <source>Guessed from the names and contents of the columns.</source>
        <translation>Deviné d’après les noms et le contenu des colonnes.</translation>
    </message>
    <message>
        <source>Remembered for the next table with these columns.</source>
        <translation>Retenu pour le prochain tableau avec ces colonnes.</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clé</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Description</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
    <message>
        <source>made from the words</source>
        <translation>faite avec les mots</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucune</translation>
    </message>
    <message>
        <source>Levels parted by</source>
        <translation>Niveaux séparés par</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close message</source>
        <translation>Fermer le message</translation>
    </message>
</context>
<context>
    <name>Nearest</name>
    <message>
        <source>Nearest products</source>
        <translation>Produits les plus proches</translation>
    </message>
    <message>
        <source>Nearest</source>
        <translation>Les plus proches</translation>
    </message>
    <message>
        <source>both</source>
        <translation>les deux</translation>
    </message>
    <message>
        <source>text</source>
        <translation>texte</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>image</translation>
    </message>
    <message>
        <source>Nearest by {0}</source>
        <translation>Les plus proches par {0}</translation>
    </message>
</context>
<context>
    <name>NetworkPanel</name>
    <message>
        <source>Joint fusion: pictures and texts</source>
        <translation>Fusion conjointe : images et textes</translation>
    </message>
    <message>
        <source>Pictures alone</source>
        <translation>Images seules</translation>
    </message>
    <message>
        <source>Kind of network</source>
        <translation>Type de réseau</translation>
    </message>
    <message>
        <source>Train a network</source>
        <translation>Entraîner un réseau</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>right, %</source>
        <translation>justes, %</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>perte</translation>
    </message>
    <message>
        <source>Takes minutes. Stopped, it goes on from there if no label changed.</source>
        <translation>Prend quelques minutes. Arrêté, il reprend là si aucune étiquette n’a changé.</translation>
    </message>
    <message>
        <source>end</source>
        <translation>sortie</translation>
    </message>
    <message>
        <source>last blocks</source>
        <translation>derniers blocs</translation>
    </message>
    <message>
        <source>Training {0} of {1}, {2}, epoch {3} of {4}</source>
        <translation>Entraînement {0} sur {1}, {2}, époque {3} sur {4}</translation>
    </message>
    <message>
        <source>about {0:,} min left</source>
        <translation>encore {0:,} min environ</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Démarrage…</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Réseaux</translation>
    </message>
    <message>
        <source>Joint fusion, USE learns too</source>
        <translation>Fusion conjointe, USE apprend aussi</translation>
    </message>
    <message>
        <source>Bright: products kept aside. Grey: altered ones it learns from. After the dashed line its last blocks learn too.</source>
        <translation>Vif : produits mis de côté. Gris : ceux, modifiés, dont il apprend. Après le trait pointillé, ses derniers blocs apprennent aussi.</translation>
    </message>
    <message>
        <source>Looking for TensorFlow</source>
        <translation>Recherche de TensorFlow</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Getting ready</source>
        <translation>Préparation</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>Ouverture de {0}</translation>
    </message>
</context>
<context>
    <name>Ordering</name>
    <message>
        <source>Ordering queues</source>
        <translation>Préparation des files</translation>
    </message>
</context>
<context>
    <name>Phrases</name>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importé</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>confirmé</translation>
    </message>
    <message>
        <source>accepted suggestion</source>
        <translation>suggestion acceptée</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>refusé</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>signalé</translation>
    </message>
    <message>
        <source>with</source>
        <translation>avec</translation>
    </message>
    <message>
        <source>without</source>
        <translation>sans</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>concorde</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>diffère</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>incertain</translation>
    </message>
    <message>
        <source>Probably wrong</source>
        <translation>Probablement faux</translation>
    </message>
    <message>
        <source>Text and picture disagree</source>
        <translation>Texte et image en désaccord</translation>
    </message>
    <message>
        <source>Same article twice</source>
        <translation>Même article deux fois</translation>
    </message>
    <message>
        <source>Needs a label</source>
        <translation>À étiqueter</translation>
    </message>
    <message>
        <source>Disagree with a colleague</source>
        <translation>En désaccord avec un collègue</translation>
    </message>
    <message>
        <source>New since last time</source>
        <translation>Nouveaux depuis la dernière fois</translation>
    </message>
    <message>
        <source>Random check</source>
        <translation>Contrôle au hasard</translation>
    </message>
    <message>
        <source>Blind re-check</source>
        <translation>Contrôle à l’aveugle</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>Signalés</translation>
    </message>
    <message>
        <source>descriptions</source>
        <translation>descriptions</translation>
    </message>
    <message>
        <source>names</source>
        <translation>noms</translation>
    </message>
    <message>
        <source>specifications</source>
        <translation>caractéristiques</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>images</translation>
    </message>
    <message>
        <source>Relabel {0} products → {1}</source>
        <translation>Réétiqueter {0} produits → {1}</translation>
    </message>
    <message>
        <source>Relabel {0} product → {1}</source>
        <translation>Réétiqueter {0} produit → {1}</translation>
    </message>
    <message>
        <source>Relabel {0} products to {1} categories</source>
        <translation>Réétiqueter {0} produits dans {1} catégories</translation>
    </message>
    <message>
        <source>Take the category off {0} products</source>
        <translation>Retirer la catégorie de {0} produits</translation>
    </message>
    <message>
        <source>Take the category off {0} product</source>
        <translation>Retirer la catégorie de {0} produit</translation>
    </message>
    <message>
        <source>Mark {0} products</source>
        <translation>Marquer {0} produits</translation>
    </message>
    <message>
        <source>Mark {0} product</source>
        <translation>Marquer {0} produit</translation>
    </message>
    <message>
        <source>Import of {0} products</source>
        <translation>Import de {0} produits</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>New category “{0}”</source>
        <translation>Nouvelle catégorie « {0} »</translation>
    </message>
    <message>
        <source>{0} new categories</source>
        <translation>{0} nouvelles catégories</translation>
    </message>
    <message>
        <source>Rename “{0}” to “{1}”</source>
        <translation>Renommer « {0} » en « {1} »</translation>
    </message>
    <message>
        <source>Move “{0}” to the top</source>
        <translation>Déplacer « {0} » au sommet</translation>
    </message>
    <message>
        <source>Move “{0}” to “{1}”</source>
        <translation>Déplacer « {0} » vers « {1} »</translation>
    </message>
    <message>
        <source>Change “{0}”</source>
        <translation>Modifier « {0} »</translation>
    </message>
    <message>
        <source>Remove category “{0}”</source>
        <translation>Retirer la catégorie « {0} »</translation>
    </message>
    <message>
        <source>lasso</source>
        <translation>lasso</translation>
    </message>
    <message>
        <source>suggestion</source>
        <translation>suggestion</translation>
    </message>
    <message>
        <source>merge</source>
        <translation>fusion</translation>
    </message>
    <message>
        <source>split</source>
        <translation>division</translation>
    </message>
    <message>
        <source>adjudication</source>
        <translation>arbitrage</translation>
    </message>
    <message>
        <source>import of {0}</source>
        <translation>import de {0}</translation>
    </message>
    <message>
        <source>import</source>
        <translation>import</translation>
    </message>
    <message>
        <source>Encoding {0} with {1}</source>
        <translation>Encodage : {0}, avec {1}</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>Annuler : {0}</translation>
    </message>
    <message>
        <source>Redo: {0}</source>
        <translation>Rétablir : {0}</translation>
    </message>
    <message>
        <source>queue: {0}</source>
        <translation>file : {0}</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} et {1} autres</translation>
    </message>
    <message>
        <source>Waiting, so that {0} is not asked too often</source>
        <translation>Attente, pour ne pas trop solliciter {0}</translation>
    </message>
    <message>
        <source>{0}, trying again</source>
        <translation>{0}, nouvel essai</translation>
    </message>
    <message>
        <source>Asking version {0}</source>
        <translation>Interrogation de la version {0}</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Vérification</translation>
    </message>
    <message>
        <source>Checking the backup</source>
        <translation>Vérification de la sauvegarde</translation>
    </message>
    <message>
        <source>Checking vectors</source>
        <translation>Vérification des vecteurs</translation>
    </message>
    <message>
        <source>Cleaning texts</source>
        <translation>Nettoyage des textes</translation>
    </message>
    <message>
        <source>Clustering</source>
        <translation>Recherche des groupes</translation>
    </message>
    <message>
        <source>Comparing classifiers</source>
        <translation>Comparaison des classifieurs</translation>
    </message>
    <message>
        <source>Comparing encoders and pipelines</source>
        <translation>Comparaison des encodeurs et des chaînes</translation>
    </message>
    <message>
        <source>Comparing texts</source>
        <translation>Comparaison des textes</translation>
    </message>
    <message>
        <source>Copying the backup</source>
        <translation>Copie de la sauvegarde</translation>
    </message>
    <message>
        <source>Counting boilerplate</source>
        <translation>Comptage des formules répétées</translation>
    </message>
    <message>
        <source>Counting visual words</source>
        <translation>Comptage des mots visuels</translation>
    </message>
    <message>
        <source>Describing pictures</source>
        <translation>Description des images</translation>
    </message>
    <message>
        <source>Drawing the demo catalogue</source>
        <translation>Dessin du catalogue de démonstration</translation>
    </message>
    <message>
        <source>Drawing the line</source>
        <translation>Tracé de la limite</translation>
    </message>
    <message>
        <source>Fetching pictures</source>
        <translation>Téléchargement des images</translation>
    </message>
    <message>
        <source>Fetching {0}</source>
        <translation>Téléchargement de {0}</translation>
    </message>
    <message>
        <source>Finding boilerplate</source>
        <translation>Recherche des formules répétées</translation>
    </message>
    <message>
        <source>Finding reasons</source>
        <translation>Recherche des raisons</translation>
    </message>
    <message>
        <source>Finding the axes of the words</source>
        <translation>Recherche des axes des mots</translation>
    </message>
    <message>
        <source>Fitting distributions</source>
        <translation>Ajustement des distributions</translation>
    </message>
    <message>
        <source>Importing {0}</source>
        <translation>Import de {0}</translation>
    </message>
    <message>
        <source>Joining texts and pictures</source>
        <translation>Réunion des textes et des images</translation>
    </message>
    <message>
        <source>Laying out</source>
        <translation>Disposition</translation>
    </message>
    <message>
        <source>Laying out with UMAP</source>
        <translation>Disposition avec UMAP</translation>
    </message>
    <message>
        <source>Learning topics</source>
        <translation>Apprentissage des thèmes</translation>
    </message>
    <message>
        <source>Learning visual words</source>
        <translation>Apprentissage des mots visuels</translation>
    </message>
    <message>
        <source>Learning word vectors</source>
        <translation>Apprentissage des vecteurs de mots</translation>
    </message>
    <message>
        <source>Linking neighbours</source>
        <translation>Liaison des voisins</translation>
    </message>
    <message>
        <source>Looking at pictures</source>
        <translation>Examen des images</translation>
    </message>
    <message>
        <source>Looking for communities</source>
        <translation>Recherche de communautés</translation>
    </message>
    <message>
        <source>Looking for dense places</source>
        <translation>Recherche des endroits denses</translation>
    </message>
    <message>
        <source>Looking for neighbours</source>
        <translation>Recherche des voisins</translation>
    </message>
    <message>
        <source>Making a backup</source>
        <translation>Sauvegarde</translation>
    </message>
    <message>
        <source>Measuring clusters ({0})</source>
        <translation>Mesure des groupes ({0})</translation>
    </message>
    <message>
        <source>Measuring the classifier</source>
        <translation>Mesure du classifieur</translation>
    </message>
    <message>
        <source>Measuring the learning curve</source>
        <translation>Mesure de la courbe d’apprentissage</translation>
    </message>
    <message>
        <source>Measuring the level of chance</source>
        <translation>Mesure du niveau du hasard</translation>
    </message>
    <message>
        <source>Merging groups</source>
        <translation>Fusion des groupes</translation>
    </message>
    <message>
        <source>Naming clusters</source>
        <translation>Nommage des groupes</translation>
    </message>
    <message>
        <source>Ordering queues</source>
        <translation>Tri des files</translation>
    </message>
    <message>
        <source>Preparing texts</source>
        <translation>Préparation des textes</translation>
    </message>
    <message>
        <source>Projecting texts</source>
        <translation>Projection des textes</translation>
    </message>
    <message>
        <source>Proposing the number of clusters</source>
        <translation>Proposition du nombre de groupes</translation>
    </message>
    <message>
        <source>Read {0}</source>
        <translation>Lecture de {0}</translation>
    </message>
    <message>
        <source>Reading texts</source>
        <translation>Lecture des textes</translation>
    </message>
    <message>
        <source>Reading version {0}</source>
        <translation>Lecture de la version {0}</translation>
    </message>
    <message>
        <source>Reading {0}</source>
        <translation>Lecture de {0}</translation>
    </message>
    <message>
        <source>Searching {0}</source>
        <translation>Recherche chez {0}</translation>
    </message>
    <message>
        <source>Suggesting</source>
        <translation>Suggestions</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <source>Unpack {0}</source>
        <translation>Extraction de {0}</translation>
    </message>
    <message>
        <source>Voting on clusters</source>
        <translation>Vote sur les groupes</translation>
    </message>
    <message>
        <source>Writing {0}</source>
        <translation>Écriture de {0}</translation>
    </message>
    <message>
        <source>agree</source>
        <translation>d’accord</translation>
    </message>
    <message>
        <source>disagree</source>
        <translation>en désaccord</translation>
    </message>
    <message>
        <source>settled</source>
        <translation>tranché</translation>
    </message>
    <message>
        <source>Comparing {0}</source>
        <translation>Comparaison de {0}</translation>
    </message>
    <message>
        <source>Fitting encoders to the catalogue</source>
        <translation>Ajustement des encodeurs au catalogue</translation>
    </message>
    <message>
        <source>Looking at altered pictures</source>
        <translation>Examen d’images modifiées</translation>
    </message>
    <message>
        <source>Taking {0} in</source>
        <translation>Prise en compte de {0}</translation>
    </message>
    <message>
        <source>Training the network</source>
        <translation>Entraînement du réseau</translation>
    </message>
    <message>
        <source>Rescuing {0}</source>
        <translation>Sauvetage de {0}</translation>
    </message>
    <message>
        <source>Broken or out of place</source>
        <translation>Abîmé ou hors de place</translation>
    </message>
    <message>
        <source>Has no text to speak of.</source>
        <translation>N&apos;a pas de texte digne de ce nom.</translation>
    </message>
    <message>
        <source>Its picture cannot be read.</source>
        <translation>Son image est illisible.</translation>
    </message>
    <message>
        <source>Its picture is shared by products that have nothing in common: a placeholder?</source>
        <translation>Son image est partagée par des produits sans rien de commun : une image de remplacement ?</translation>
    </message>
    <message>
        <source>Its text is foreign or garbled beside the others.</source>
        <translation>Son texte est étranger ou brouillé à côté des autres.</translation>
    </message>
    <message>
        <source>Has no picture, while most products have one.</source>
        <translation>N&apos;a pas d&apos;image, alors que la plupart des produits en ont une.</translation>
    </message>
    <message>
        <source>Is like no other product: {0} to the nearest ones.</source>
        <translation>Ne ressemble à aucun autre produit : {0} avec les plus proches.</translation>
    </message>
    <message>
        <source>Is new.</source>
        <translation>Est nouveau.</translation>
    </message>
    <message>
        <source>Is new; suggested is {0} ({1}).</source>
        <translation>Est nouveau ; la suggestion est {0} ({1}).</translation>
    </message>
    <message>
        <source>Was drawn at random, to tell how many labels are right.</source>
        <translation>Tiré au hasard, pour savoir combien d&apos;étiquettes sont justes.</translation>
    </message>
    <message>
        <source>You decided this one before; what you said is not shown.</source>
        <translation>Vous avez déjà décidé de celui-ci ; votre réponse n&apos;est pas montrée.</translation>
    </message>
    <message>
        <source>Was flagged for a second look.</source>
        <translation>A été marqué pour un second regard.</translation>
    </message>
    <message>
        <source>The text says {0} ({1}), the picture {2} ({3}): is it the right picture?</source>
        <translation>Le texte dit {0} ({1}), l&apos;image {2} ({3}) : est-ce la bonne image ?</translation>
    </message>
    <message>
        <source>{0} said {1}, the label is {2}.</source>
        <translation>{0} a dit {1}, l&apos;étiquette est {2}.</translation>
    </message>
    <message>
        <source>Looks like the first product of its batch, and is suggested alike: {0}.</source>
        <translation>Ressemble au premier produit de son lot, avec la même suggestion : {0}.</translation>
    </message>
    <message>
        <source>Stands for a group of products of which none has a label.</source>
        <translation>Représente un groupe de produits dont aucun n&apos;a d&apos;étiquette.</translation>
    </message>
    <message>
        <source>Has no label.</source>
        <translation>N&apos;a pas d&apos;étiquette.</translation>
    </message>
    <message>
        <source>Between {0} and {1}: its label tells them apart.</source>
        <translation>Entre {0} et {1} : son étiquette les départage.</translation>
    </message>
    <message>
        <source>{0} ({1}) fits better than {2}; none of the nearest products is {3}.</source>
        <translation>{0} ({1}) convient mieux que {2} ; aucun des produits les plus proches n&apos;est {3}.</translation>
    </message>
    <message>
        <source>{0} ({1}) fits better than {2}; {3} of the nearest products are {4}.</source>
        <translation>{0} ({1}) convient mieux que {2} ; {3} des produits les plus proches sont {4}.</translation>
    </message>
    <message>
        <source>Stop when five in a row are as they should be.</source>
        <translation>Arrêtez-vous quand cinq de suite sont comme il faut.</translation>
    </message>
    <message>
        <source>Stop where the suggestions are sure.</source>
        <translation>Arrêtez-vous là où les suggestions sont sûres.</translation>
    </message>
    <message>
        <source>{0} tell the share of wrong labels to within about 3 points; fewer tell less.</source>
        <translation>{0} donnent la part d&apos;étiquettes fausses à 3 points près environ ; moins en disent moins.</translation>
    </message>
    <message>
        <source>Stop at the end: it is short.</source>
        <translation>Arrêtez-vous à la fin : elle est courte.</translation>
    </message>
    <message>
        <source>Stop at the end.</source>
        <translation>Arrêtez-vous à la fin.</translation>
    </message>
    <message>
        <source>Stop when pictures and texts match.</source>
        <translation>Arrêtez-vous quand images et textes concordent.</translation>
    </message>
    <message>
        <source>Stop at the end: each is a question between people.</source>
        <translation>Arrêtez-vous à la fin : chacun est une question entre personnes.</translation>
    </message>
    <message>
        <source>Stop when the suggestions of what is left are sure enough.</source>
        <translation>Arrêtez-vous quand les suggestions pour le reste sont assez sûres.</translation>
    </message>
    <message>
        <source>Stop when twenty in a row were right as they were.</source>
        <translation>Arrêtez-vous quand vingt de suite étaient justes telles quelles.</translation>
    </message>
    <message>
        <source>{0} exists already. Open it, or choose another name.</source>
        <translation>{0} existe déjà. Ouvrez-le, ou choisissez un autre nom.</translation>
    </message>
    <message>
        <source>{0} exists already. Choose another name or open the project.</source>
        <translation>{0} existe déjà. Choisissez un autre nom ou ouvrez le projet.</translation>
    </message>
    <message>
        <source>There is no project at {0}. Make one with `prodlabel new`.</source>
        <translation>Il n&apos;y a pas de projet en {0}. Créez-en un.</translation>
    </message>
    <message>
        <source>The project names a file outside of itself ({0}). Do not use it.</source>
        <translation>Le projet désigne un fichier hors de lui-même ({0}). Ne l&apos;utilisez pas.</translation>
    </message>
    <message>
        <source>What the project says of a result is damaged ({0}). Run `prodlabel check --repair`.</source>
        <translation>Ce que le projet dit d&apos;un résultat est endommagé ({0}). Lancez `prodlabel check --repair`.</translation>
    </message>
    <message>
        <source>{0} in {1} is a link to a place outside. Remove it, or put what it leads to in its place, and open the project again.</source>
        <translation>{0} dans {1} est un lien vers l&apos;extérieur. Supprimez-le ou remplacez-le par ce qu&apos;il désigne, puis rouvrez le projet.</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}). Restore one of the backups in {2}, or rescue what is whole with `prodlabel check --repair`.</source>
        <translation>{0} est endommagé ({1}). Restaurez une des sauvegardes de {2}, ou sauvez ce qui est intact avec `prodlabel check --repair`.</translation>
    </message>
    <message>
        <source>{0} is not the database that prodlabel wrote. Restore one of the backups in {1}, or rescue what is whole with `prodlabel check --repair`.</source>
        <translation>{0} n&apos;est pas la base que prodlabel a écrite. Restaurez une des sauvegardes de {1}, ou sauvez ce qui est intact avec `prodlabel check --repair`.</translation>
    </message>
    <message>
        <source>{0} was not made by prodlabel. Open another folder.</source>
        <translation>{0} n&apos;a pas été fait par prodlabel. Ouvrez un autre dossier.</translation>
    </message>
    <message>
        <source>{0} is not a prodlabel project. Open another folder.</source>
        <translation>{0} n&apos;est pas un projet prodlabel. Ouvrez un autre dossier.</translation>
    </message>
    <message>
        <source>{0} does not say its version. Restore a backup.</source>
        <translation>{0} n&apos;indique pas sa version. Restaurez une sauvegarde.</translation>
    </message>
    <message>
        <source>The project was written by a newer prodlabel (format {0}, this one knows {1}). Update prodlabel and open it again.</source>
        <translation>Le projet a été écrit par un prodlabel plus récent (format {0}, celui-ci connaît {1}). Mettez prodlabel à jour et rouvrez-le.</translation>
    </message>
    <message>
        <source>The project has an older format. Open it once for writing to bring it up to date.</source>
        <translation>Le projet a un format plus ancien. Ouvrez-le une fois en écriture pour le mettre à jour.</translation>
    </message>
    <message>
        <source>The project is open for reading only. Close it elsewhere and open it again.</source>
        <translation>Le projet est ouvert en lecture seule. Fermez-le ailleurs et rouvrez-le.</translation>
    </message>
    <message>
        <source>{0} holds a {1} “{2}” that prodlabel did not write. Do not use this project, or restore a backup of it.</source>
        <translation>{0} contient un élément {1} « {2} » que prodlabel n&apos;a pas écrit. N&apos;utilisez pas ce projet, ou restaurez-en une sauvegarde.</translation>
    </message>
    <message>
        <source>{0} is in use by another program. Close it there and try again.</source>
        <translation>{0} est utilisé par un autre programme. Fermez-le là-bas et réessayez.</translation>
    </message>
    <message>
        <source>{0} cannot be read or written ({1}). Free some space and try again.</source>
        <translation>{0} ne peut être lu ni écrit ({1}). Libérez de l&apos;espace et réessayez.</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Check the folder&apos;s permissions.</source>
        <translation>{0} ne peut être écrit ({1}). Vérifiez les droits du dossier.</translation>
    </message>
    <message>
        <source>{0} is gone: moved, removed, or on a disk that is no longer there. Bring it back; until then nothing can be changed.</source>
        <translation>{0} a disparu : déplacé, supprimé, ou sur un disque qui n&apos;est plus là. Remettez-le en place ; d&apos;ici là rien ne peut être modifié.</translation>
    </message>
    <message>
        <source>The disk of {0} cannot lock files, so two programs could write at once. Copy the project to a local disk.</source>
        <translation>Le disque de {0} ne sait pas verrouiller les fichiers : deux programmes pourraient écrire à la fois. Copiez le projet sur un disque local.</translation>
    </message>
    <message>
        <source>The project&apos;s format is not one that prodlabel ever had ({0}). Restore a backup of it.</source>
        <translation>Le format du projet n&apos;a jamais été celui de prodlabel ({0}). Restaurez-en une sauvegarde.</translation>
    </message>
    <message>
        <source>The thumbnails in {0} cannot be used ({1}). Check that the disk is not full, the folder can be written and no other program holds it.</source>
        <translation>Les vignettes de {0} sont inutilisables ({1}). Vérifiez que le disque n&apos;est pas plein, que le dossier est accessible en écriture et qu&apos;aucun autre programme ne le tient.</translation>
    </message>
    <message>
        <source>{0} is not what prodlabel wrote. Take the file from a backup, or delete it and repeat the step that made it.</source>
        <translation>{0} n&apos;est pas ce que prodlabel a écrit. Reprenez le fichier d&apos;une sauvegarde, ou supprimez-le et refaites l&apos;étape qui l&apos;a produit.</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}). Restore the newest backup that is whole.</source>
        <translation>{0} est endommagé ({1}). Restaurez la plus récente sauvegarde intacte.</translation>
    </message>
    <message>
        <source>There is no {0} to make a backup of. Check that the project was not moved.</source>
        <translation>Il n&apos;y a pas de {0} à sauvegarder. Vérifiez que le projet n&apos;a pas été déplacé.</translation>
    </message>
    <message>
        <source>{0} could not be copied ({1}). {2} and try again.</source>
        <translation>{0} n&apos;a pas pu être copié ({1}). {2}, puis réessayez.</translation>
    </message>
    <message>
        <source>The backup does not hold what the project holds. Check the disk, then try again.</source>
        <translation>La sauvegarde ne contient pas ce que contient le projet. Vérifiez le disque, puis réessayez.</translation>
    </message>
    <message>
        <source>There is a backup {0} already. Try again.</source>
        <translation>Il y a déjà une sauvegarde {0}. Réessayez.</translation>
    </message>
    <message>
        <source>{0} is no backup of this project. Choose one from the list.</source>
        <translation>{0} n&apos;est pas une sauvegarde de ce projet. Choisissez-en une dans la liste.</translation>
    </message>
    <message>
        <source>The present state could not be kept, so nothing was changed. {0}</source>
        <translation>L&apos;état présent n&apos;a pas pu être conservé, rien n&apos;a donc été changé. {0}</translation>
    </message>
    <message>
        <source>{0} is too damaged to be rescued and there is no whole backup in {1}. Ask for a copy from wherever your disk is backed up.</source>
        <translation>{0} est trop endommagé pour être sauvé et {1} ne contient aucune sauvegarde intacte. Demandez une copie là où votre disque est sauvegardé.</translation>
    </message>
    <message>
        <source>Nothing of {0} can be read and there is no whole backup in {1}. Ask for a copy from wherever your disk is backed up.</source>
        <translation>Rien de {0} n&apos;est lisible et {1} ne contient aucune sauvegarde intacte. Demandez une copie là où votre disque est sauvegardé.</translation>
    </message>
    <message>
        <source>Another process is writing the vectors of {0}. Wait until it has finished, or cancel it there.</source>
        <translation>Un autre processus écrit les vecteurs de {0}. Attendez qu&apos;il ait fini, ou annulez-le là-bas.</translation>
    </message>
    <message>
        <source>A part of the work was ended from outside, perhaps for want of memory. What was done is kept: close other programs and start again.</source>
        <translation>Une partie du travail a été arrêtée de l&apos;extérieur, peut-être faute de mémoire. Ce qui est fait est conservé : fermez d&apos;autres programmes et recommencez.</translation>
    </message>
    <message>
        <source>A category needs a name. Type one.</source>
        <translation>Une catégorie a besoin d&apos;un nom. Tapez-en un.</translation>
    </message>
    <message>
        <source>“{0}” is there already. Choose another name.</source>
        <translation>« {0} » existe déjà. Choisissez un autre nom.</translation>
    </message>
    <message>
        <source>“{0}” cannot lie below itself. Choose another place for it.</source>
        <translation>« {0} » ne peut être sous elle-même. Choisissez-lui une autre place.</translation>
    </message>
    <message>
        <source>Another “{0}” is there already. Merge the two or choose another name.</source>
        <translation>Il y a déjà une autre « {0} ». Fusionnez les deux ou choisissez un autre nom.</translation>
    </message>
    <message>
        <source>“{0}” has categories below it. Move or remove them first.</source>
        <translation>« {0} » a des catégories sous elle. Déplacez-les ou supprimez-les d&apos;abord.</translation>
    </message>
    <message>
        <source>“{0}” still has {1} products. Relabel them first.</source>
        <translation>« {0} » a encore {1} produits. Réétiquetez-les d&apos;abord.</translation>
    </message>
    <message>
        <source>“{0}”: a category&apos;s name cannot hold “&gt;”, which separates levels.</source>
        <translation>« {0} » : le nom d&apos;une catégorie ne peut contenir « &gt; », qui sépare les niveaux.</translation>
    </message>
    <message>
        <source>There is no category number {0}. Look at the taxonomy again.</source>
        <translation>Il n&apos;y a pas de catégorie numéro {0}. Revoyez la taxonomie.</translation>
    </message>
    <message>
        <source>There is no product number {0} in this project. Look at the list again.</source>
        <translation>Il n&apos;y a pas de produit numéro {0} dans ce projet. Revoyez la liste.</translation>
    </message>
    <message>
        <source>The project has no products yet. Run `prodlabel import` first.</source>
        <translation>Le projet n&apos;a pas encore de produits. Importez-en d&apos;abord.</translation>
    </message>
    <message>
        <source>No product has a vector yet. Encode texts or pictures first.</source>
        <translation>Aucun produit n&apos;a encore de vecteur. Faites d&apos;abord la carte.</translation>
    </message>
    <message>
        <source>There is no product to lay out. Import a catalogue first.</source>
        <translation>Il n&apos;y a aucun produit à placer. Importez d&apos;abord un catalogue.</translation>
    </message>
    <message>
        <source>No product has a category yet. Label some, or import a catalogue with categories.</source>
        <translation>Aucun produit n&apos;a encore de catégorie. Étiquetez-en, ou importez un catalogue avec catégories.</translation>
    </message>
    <message>
        <source>There are products without a suggestion. Run `prodlabel suggest` first.</source>
        <translation>Des produits n&apos;ont pas de suggestion. Entraînez d&apos;abord.</translation>
    </message>
    <message>
        <source>The labels have changed too much since this version was trained. Run `prodlabel train`.</source>
        <translation>Les étiquettes ont trop changé depuis l&apos;entraînement de cette version. Entraînez de nouveau.</translation>
    </message>
    <message>
        <source>There are no two categories to choose from yet. Make some, or import them.</source>
        <translation>Il n&apos;y a pas encore deux catégories au choix. Créez-en, ou importez-en.</translation>
    </message>
    <message>
        <source>No text has a vector yet. Run `prodlabel encode` first.</source>
        <translation>Aucun texte n&apos;a encore de vecteur. Faites d&apos;abord la carte.</translation>
    </message>
    <message>
        <source>Nothing is encoded yet that this map could show. Run `prodlabel encode` first.</source>
        <translation>Rien n&apos;est encore encodé que cette carte puisse montrer. Faites d&apos;abord la carte.</translation>
    </message>
    <message>
        <source>The {0} are not encoded yet. Make the map first.</source>
        <translation>Les {0} ne sont pas encore encodés. Faites d&apos;abord la carte.</translation>
    </message>
    <message>
        <source>There is no trained classifier yet. Run `prodlabel train` first.</source>
        <translation>Il n&apos;y a pas encore de classifieur entraîné. Entraînez d&apos;abord.</translation>
    </message>
    <message>
        <source>Fewer than two categories have products: there is nothing to tell apart. Label a few products.</source>
        <translation>Moins de deux catégories ont des produits : il n&apos;y a rien à distinguer. Étiquetez quelques produits.</translation>
    </message>
    <message>
        <source>A network looks at pictures, and none is encoded. Run `prodlabel encode` first.</source>
        <translation>Un réseau regarde des images, et aucune n&apos;est encodée. Faites d&apos;abord la carte.</translation>
    </message>
    <message>
        <source>Joint fusion needs texts, and none is encoded. Run `prodlabel encode` first.</source>
        <translation>La fusion conjointe demande des textes, et aucun n&apos;est encodé. Faites d&apos;abord la carte.</translation>
    </message>
    <message>
        <source>A network needs two categories or more with at least two products each. Label a few more.</source>
        <translation>Un réseau demande au moins deux catégories de deux produits chacune. Étiquetez-en davantage.</translation>
    </message>
    <message>
        <source>The vectors of this project were brought along, and nothing new can be turned into such. Search by words, or go back to prodlabel&apos;s own with `prodlabel encode --use`.</source>
        <translation>Les vecteurs de ce projet ont été apportés, et rien de nouveau ne peut en devenir. Cherchez par mots, ou revenez à ceux de prodlabel avec `prodlabel encode --use`.</translation>
    </message>
    <message>
        <source>The classifier in {0} cannot be read ({1}). Train it again.</source>
        <translation>Le classifieur de {0} est illisible ({1}). Entraînez-le de nouveau.</translation>
    </message>
    <message>
        <source>The classifier in {0} is of a format that this version does not know. Train it again.</source>
        <translation>Le classifieur de {0} a un format inconnu de cette version. Entraînez-le de nouveau.</translation>
    </message>
    <message>
        <source>Versions {0} and {1} suggest at different levels. Compare others.</source>
        <translation>Les versions {0} et {1} suggèrent à des niveaux différents. Comparez-en d&apos;autres.</translation>
    </message>
    <message>
        <source>{0} does not exist. Check the path.</source>
        <translation>{0} n&apos;existe pas. Vérifiez le chemin.</translation>
    </message>
    <message>
        <source>{0} does not exist.</source>
        <translation>{0} n&apos;existe pas.</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Choose another file.</source>
        <translation>{0} ne peut être écrit ({1}). Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Choose another folder.</source>
        <translation>{0} ne peut être écrit ({1}). Choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Check place and rights.</source>
        <translation>{0} ne peut être écrit ({1}). Vérifiez l&apos;emplacement et les droits.</translation>
    </message>
    <message>
        <source>{0} is there already and not empty. Choose a new folder.</source>
        <translation>{0} existe déjà et n&apos;est pas vide. Choisissez un nouveau dossier.</translation>
    </message>
    <message>
        <source>{0} cannot be made ({1}). Choose another place.</source>
        <translation>{0} ne peut être créé ({1}). Choisissez un autre endroit.</translation>
    </message>
    <message>
        <source>The ending of {0} does not say which format is meant. Choose among {1}.</source>
        <translation>La fin de {0} ne dit pas quel format est voulu. Choisissez parmi {1}.</translation>
    </message>
    <message>
        <source>A spreadsheet holds at most 1,048,576 rows. Export as CSV or Parquet instead.</source>
        <translation>Un tableur contient au plus 1 048 576 lignes. Exportez plutôt en CSV ou en Parquet.</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Check path and rights.</source>
        <translation>{0} ne peut être lu ({1}). Vérifiez le chemin et les droits.</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Check the path and its rights.</source>
        <translation>{0} ne peut être lu ({1}). Vérifiez le chemin et ses droits.</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Check its rights.</source>
        <translation>{0} ne peut être lu ({1}). Vérifiez ses droits.</translation>
    </message>
    <message>
        <source>{0} is of no kind that can be imported. Choose one of these: {1}.</source>
        <translation>{0} n&apos;est d&apos;aucun type importable. Choisissez parmi : {1}.</translation>
    </message>
    <message>
        <source>{0} is no folder. Choose a folder that holds pictures.</source>
        <translation>{0} n&apos;est pas un dossier. Choisissez un dossier d&apos;images.</translation>
    </message>
    <message>
        <source>The folder cannot be listed: {0}.</source>
        <translation>Le dossier ne peut être parcouru : {0}.</translation>
    </message>
    <message>
        <source>{0} holds no products. Choose a file with records that have named fields.</source>
        <translation>{0} ne contient pas de produits. Choisissez un fichier dont les champs ont des noms.</translation>
    </message>
    <message>
        <source>{0} has more than {1} different fields. Choose a table of products.</source>
        <translation>{0} a plus de {1} champs différents. Choisissez un tableau de produits.</translation>
    </message>
    <message>
        <source>{0} holds no rows. Choose a file with products.</source>
        <translation>{0} ne contient aucune ligne. Choisissez un fichier avec des produits.</translation>
    </message>
    <message>
        <source>{0} is empty. Choose a file with a line of column names and products.</source>
        <translation>{0} est vide. Choisissez un fichier avec une ligne de noms de colonnes et des produits.</translation>
    </message>
    <message>
        <source>{0} is not a text table, whatever its name says. Export it as CSV first.</source>
        <translation>{0} n&apos;est pas un tableau en texte, quoi que dise son nom. Exportez-le d&apos;abord en CSV.</translation>
    </message>
    <message>
        <source>{0} cannot stand between fields. Give one character, such as ; or a tab.</source>
        <translation>{0} ne peut séparer des champs. Donnez un caractère, comme ; ou une tabulation.</translation>
    </message>
    <message>
        <source>{0} holds bytes that are no text. Choose a CSV or TSV, or say its encoding.</source>
        <translation>{0} contient des octets qui ne sont pas du texte. Choisissez un CSV ou un TSV, ou indiquez son encodage.</translation>
    </message>
    <message>
        <source>No encoding is called {0}. Try utf-8 or cp1252.</source>
        <translation>Aucun encodage ne s&apos;appelle {0}. Essayez utf-8 ou cp1252.</translation>
    </message>
    <message>
        <source>{0} holds no list of objects. Choose a JSON file with a list of products.</source>
        <translation>{0} ne contient pas de liste d&apos;objets. Choisissez un fichier JSON avec une liste de produits.</translation>
    </message>
    <message>
        <source>{0} cannot be read as Parquet ({1}). Write it anew.</source>
        <translation>{0} n&apos;est pas lisible comme Parquet ({1}). Écrivez-le de nouveau.</translation>
    </message>
    <message>
        <source>{0} holds no columns of texts. Choose a table of products.</source>
        <translation>{0} ne contient pas de colonnes de texte. Choisissez un tableau de produits.</translation>
    </message>
    <message>
        <source>{0} has several tables. Name one of: {1}.</source>
        <translation>{0} a plusieurs tables. Nommez-en une : {1}.</translation>
    </message>
    <message>
        <source>{0} holds no tables. Choose another file.</source>
        <translation>{0} ne contient aucune table. Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>{0} cannot be read as an SQLite database ({1}). Save it anew.</source>
        <translation>{0} n&apos;est pas lisible comme base SQLite ({1}). Enregistrez-la de nouveau.</translation>
    </message>
    <message>
        <source>{0} cannot be read as an SQLite database ({1}). Choose another file.</source>
        <translation>{0} n&apos;est pas lisible comme base SQLite ({1}). Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>{0} has no sheet {1}. It has: {2}.</source>
        <translation>{0} n&apos;a pas de feuille {1}. Il a : {2}.</translation>
    </message>
    <message>
        <source>{0} is damaged ({1}). Open and save it again.</source>
        <translation>{0} est endommagé ({1}). Ouvrez-le et enregistrez-le de nouveau.</translation>
    </message>
    <message>
        <source>{0} is no workbook that can be read. Save it anew as XLSX.</source>
        <translation>{0} n&apos;est pas un classeur lisible. Enregistrez-le de nouveau en XLSX.</translation>
    </message>
    <message>
        <source>{0} holds a part of {1} bytes. Export it as CSV.</source>
        <translation>{0} contient une partie de {1} octets. Exportez-le en CSV.</translation>
    </message>
    <message>
        <source>{0} holds neither a table nor pictures. Choose another file.</source>
        <translation>{0} ne contient ni tableau ni images. Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>{0} in {1} is damaged ({2}). Fetch the archive again.</source>
        <translation>{0} dans {1} est endommagé ({2}). Récupérez l&apos;archive de nouveau.</translation>
    </message>
    <message>
        <source>{0} is no archive that can be opened ({1}). Choose another, or save it anew.</source>
        <translation>{0} n&apos;est pas une archive ouvrable ({1}). Choisissez-en une autre, ou enregistrez-la de nouveau.</translation>
    </message>
    <message>
        <source>{0} holds more than {1} files. Pack fewer into one archive.</source>
        <translation>{0} contient plus de {1} fichiers. Mettez-en moins dans une archive.</translation>
    </message>
    <message>
        <source>{0} would unpack to {1} bytes, more than 2 GB or {2} times what is packed. Unpack it yourself if you trust it, and choose the folder.</source>
        <translation>{0} se déploierait en {1} octets, plus de 2 Go ou {2} fois sa taille. Décompressez-la vous-même si vous lui faites confiance, et choisissez le dossier.</translation>
    </message>
    <message>
        <source>{0} declares a document type, which could make it expand without end. Remove the &lt;!DOCTYPE ...&gt; from it.</source>
        <translation>{0} déclare un type de document, qui pourrait le faire grossir sans fin. Retirez-en le &lt;!DOCTYPE ...&gt;.</translation>
    </message>
    <message>
        <source>The table has no column named {0}. Choose among its columns: {1}.</source>
        <translation>Le tableau n&apos;a pas de colonne nommée {0}. Choisissez parmi ses colonnes : {1}.</translation>
    </message>
    <message>
        <source>{0} holds no metadata.csv or metadata.jsonl. Choose the dataset&apos;s folder.</source>
        <translation>{0} ne contient ni metadata.csv ni metadata.jsonl. Choisissez le dossier du jeu de données.</translation>
    </message>
    <message>
        <source>{0} has no column file_name. Add one that names each picture.</source>
        <translation>{0} n&apos;a pas de colonne file_name. Ajoutez-en une qui nomme chaque image.</translation>
    </message>
    <message>
        <source>{0} is empty. Fetch it again.</source>
        <translation>{0} est vide. Récupérez-la de nouveau.</translation>
    </message>
    <message>
        <source>{0} has no pixels. Fetch or save it again.</source>
        <translation>{0} n&apos;a pas de pixels. Récupérez ou enregistrez-la de nouveau.</translation>
    </message>
    <message>
        <source>{0} is damaged and cannot be decoded. Fetch or save it again.</source>
        <translation>{0} est endommagée et indéchiffrable. Récupérez ou enregistrez-la de nouveau.</translation>
    </message>
    <message>
        <source>{0} is larger than {1} MB. Save it smaller.</source>
        <translation>{0} dépasse {1} Mo. Enregistrez-la plus petite.</translation>
    </message>
    <message>
        <source>{0} does not fit into memory. Save it smaller.</source>
        <translation>{0} ne tient pas en mémoire. Enregistrez-la plus petite.</translation>
    </message>
    <message>
        <source>{0} is animated; its first frame is used.</source>
        <translation>{0} est animée ; sa première image est utilisée.</translation>
    </message>
    <message>
        <source>{0} has print colours; they were converted.</source>
        <translation>{0} a des couleurs d&apos;imprimerie ; elles ont été converties.</translation>
    </message>
    <message>
        <source>{0} has more than 8 bits a pixel; it was reduced.</source>
        <translation>{0} a plus de 8 bits par pixel ; elle a été réduite.</translation>
    </message>
    <message>
        <source>{0} products came twice; the first of each counts.</source>
        <translation>{0} produits sont venus deux fois ; le premier de chacun compte.</translation>
    </message>
    <message>
        <source>The search is empty. Give words, barcodes, a category, a country or a brand.</source>
        <translation>La recherche est vide. Donnez des mots, des codes-barres, une catégorie, un pays ou une marque.</translation>
    </message>
    <message>
        <source>Edamam is searched by words only. Leave filters and barcodes out.</source>
        <translation>Edamam ne se cherche que par mots. Laissez filtres et codes-barres de côté.</translation>
    </message>
    <message>
        <source>There is no barcode among these lines. Give one barcode a line, digits only.</source>
        <translation>Il n&apos;y a pas de code-barres parmi ces lignes. Donnez un code-barres par ligne, en chiffres.</translation>
    </message>
    <message>
        <source>The line holds no product and was left out.</source>
        <translation>La ligne ne contient pas de produit et a été laissée de côté.</translation>
    </message>
    <message>
        <source>An entry of Edamam holds no food and was left out.</source>
        <translation>Une entrée d&apos;Edamam ne contient pas d&apos;aliment et a été laissée de côté.</translation>
    </message>
    <message>
        <source>A product has no usable barcode and was left out.</source>
        <translation>Un produit n&apos;a pas de code-barres utilisable et a été laissé de côté.</translation>
    </message>
    <message>
        <source>This computer has no usable keyring, and keys are kept nowhere else. Unlock or install a keyring.</source>
        <translation>Cet ordinateur n&apos;a pas de trousseau utilisable, et les clés ne sont gardées nulle part ailleurs. Déverrouillez ou installez un trousseau.</translation>
    </message>
    <message>
        <source>{0} The product is kept without it.</source>
        <translation>{0} Le produit est gardé sans elle.</translation>
    </message>
    <message>
        <source>{0} in the archive {1}; it was left out.</source>
        <translation>{0} dans l&apos;archive {1} ; laissé de côté.</translation>
    </message>
    <message>
        <source>The specifications cannot be read ({0}); the product goes in without them.</source>
        <translation>Les spécifications sont illisibles ({0}) ; le produit entre sans elles.</translation>
    </message>
    <message>
        <source>Another row has this key already and says something else; this one was left out.</source>
        <translation>Une autre ligne a déjà cette clé et dit autre chose ; celle-ci a été laissée de côté.</translation>
    </message>
    <message>
        <source>The picture {0} is not inside the picture folder; it was not read.</source>
        <translation>L&apos;image {0} n&apos;est pas dans le dossier des images ; elle n&apos;a pas été lue.</translation>
    </message>
    <message>
        <source>No folder with the pictures was found; name it to have them. This is said once.</source>
        <translation>Aucun dossier d&apos;images n&apos;a été trouvé ; nommez-le pour les avoir. Ceci n&apos;est dit qu&apos;une fois.</translation>
    </message>
    <message>
        <source>Some bytes of the row are no text in the file&apos;s encoding; they became U+FFFD.</source>
        <translation>Des octets de la ligne ne sont pas du texte dans l&apos;encodage du fichier ; ils sont devenus U+FFFD.</translation>
    </message>
    <message>
        <source>{0} is a link; links are not followed.</source>
        <translation>{0} est un lien ; les liens ne sont pas suivis.</translation>
    </message>
    <message>
        <source>{0} is no picture of a known kind.</source>
        <translation>{0} n&apos;est pas une image d&apos;un type connu.</translation>
    </message>
    <message>
        <source>{0} is a {1} picture, whatever its name says; it was read as such.</source>
        <translation>{0} est une image {1}, quoi que dise son nom ; elle a été lue comme telle.</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Check the file and its rights.</source>
        <translation>{0} ne peut être lu ({1}). Vérifiez le fichier et ses droits.</translation>
    </message>
    <message>
        <source>{0} is cut off: its end is missing. Fetch it again.</source>
        <translation>{0} est tronquée : il en manque la fin. Récupérez-la de nouveau.</translation>
    </message>
    <message>
        <source>{0} is no JPEG, PNG, WebP, GIF, BMP or TIFF picture. Convert it to one of these.</source>
        <translation>{0} n&apos;est pas une image JPEG, PNG, WebP, GIF, BMP ou TIFF. Convertissez-la.</translation>
    </message>
    <message>
        <source>{0} has {1} million pixels, too many to open safely. Save it smaller.</source>
        <translation>{0} a {1} millions de pixels, trop pour l&apos;ouvrir sans risque. Enregistrez-la plus petite.</translation>
    </message>
    <message>
        <source>The attributes are no JSON object of texts; the product goes in without them.</source>
        <translation>Les attributs ne sont pas un objet JSON de textes ; le produit entre sans eux.</translation>
    </message>
    <message>
        <source>{0} What was found is kept; the same import again goes on from there.</source>
        <translation>{0} Ce qui a été trouvé est gardé ; le même import reprend de là.</translation>
    </message>
    <message>
        <source>{0} knows nothing like that. Try other words or fewer filters.</source>
        <translation>{0} ne connaît rien de tel. Essayez d&apos;autres mots ou moins de filtres.</translation>
    </message>
    <message>
        <source>Open Food Facts does not know the barcode {0}.</source>
        <translation>Open Food Facts ne connaît pas le code-barres {0}.</translation>
    </message>
    <message>
        <source>{0} is no barcode that Open Food Facts can use. Check its digits.</source>
        <translation>{0} n&apos;est pas un code-barres utilisable par Open Food Facts. Vérifiez ses chiffres.</translation>
    </message>
    <message>
        <source>Another split has this key already; this entry was left out.</source>
        <translation>Une autre partie a déjà cette clé ; cette entrée a été laissée de côté.</translation>
    </message>
    <message>
        <source>{0} answered without a count, a sign of trouble in its database. Try again later.</source>
        <translation>{0} a répondu sans nombre, signe d&apos;un ennui dans sa base. Réessayez plus tard.</translation>
    </message>
    <message>
        <source>{0} sent an incomplete answer, of which nothing was taken. Try again later.</source>
        <translation>{0} a envoyé une réponse incomplète, dont rien n&apos;a été pris. Réessayez plus tard.</translation>
    </message>
    <message>
        <source>{0} sent an unexpected answer, of which nothing was taken. Look for a new prodlabel.</source>
        <translation>{0} a envoyé une réponse inattendue, dont rien n&apos;a été pris. Cherchez un prodlabel plus récent.</translation>
    </message>
    <message>
        <source>{0} refused the key. Check the key and enter it again.</source>
        <translation>{0} a refusé la clé. Vérifiez la clé et saisissez-la de nouveau.</translation>
    </message>
    <message>
        <source>{0} does not have that. Check the code or the address.</source>
        <translation>{0} n&apos;a pas cela. Vérifiez le code ou l&apos;adresse.</translation>
    </message>
    <message>
        <source>{0} cannot be reached or did not answer in time. Check the network and try again.</source>
        <translation>{0} est injoignable ou n&apos;a pas répondu à temps. Vérifiez le réseau et réessayez.</translation>
    </message>
    <message>
        <source>{0} has an error of its own ({1}). Try again later to go on from there.</source>
        <translation>{0} a une erreur interne ({1}). Réessayez plus tard pour reprendre de là.</translation>
    </message>
    <message>
        <source>{0} answered with status {1}. Try again later.</source>
        <translation>{0} a répondu avec le statut {1}. Réessayez plus tard.</translation>
    </message>
    <message>
        <source>The row says the same as an earlier one; it was left out.</source>
        <translation>La ligne dit la même chose qu&apos;une précédente ; elle a été laissée de côté.</translation>
    </message>
    <message>
        <source>The row holds NUL bytes; they were left out.</source>
        <translation>La ligne contient des octets nuls ; ils ont été retirés.</translation>
    </message>
    <message>
        <source>The row has neither key nor name nor description; it was left out.</source>
        <translation>La ligne n&apos;a ni clé, ni nom, ni description ; elle a été laissée de côté.</translation>
    </message>
    <message>
        <source>{0} products were left out because they lack {1}.</source>
        <translation>{0} produits ont été laissés de côté faute de {1}.</translation>
    </message>
    <message>
        <source>{0} has groups of rows above 4 GB, over {1} columns, or two columns with one name. Write it anew with smaller groups.</source>
        <translation>{0} a des groupes de lignes de plus de 4 Go, plus de {1} colonnes, ou deux colonnes du même nom. Écrivez-le de nouveau avec des groupes plus petits.</translation>
    </message>
    <message>
        <source>{0} has no table named {1}. It has: {2}.</source>
        <translation>{0} n&apos;a pas de table nommée {1}. Il a : {2}.</translation>
    </message>
    <message>
        <source>{0} is built so that its files overlap, as bombs are. Do not use it.</source>
        <translation>{0} est construite de sorte que ses fichiers se recouvrent, comme les bombes. Ne l&apos;utilisez pas.</translation>
    </message>
    <message>
        <source>{0} is larger than {1} bytes. Do not use the file.</source>
        <translation>{0} dépasse {1} octets. N&apos;utilisez pas ce fichier.</translation>
    </message>
    <message>
        <source>{0} holds more than its archive claims. Do not use it.</source>
        <translation>{0} contient plus que son archive n&apos;annonce. Ne l&apos;utilisez pas.</translation>
    </message>
    <message>
        <source>{0} holds a link that leads elsewhere. Remove that folder and try again.</source>
        <translation>{0} contient un lien qui mène ailleurs. Supprimez ce dossier et réessayez.</translation>
    </message>
    <message>
        <source>{0} cannot be made ({1}). Copy the archive to a folder of your own.</source>
        <translation>{0} ne peut être créé ({1}). Copiez l&apos;archive dans un dossier à vous.</translation>
    </message>
    <message>
        <source>{0} holds {1} bytes where at most {2} make sense. Take the file from a backup, or delete it and repeat the step that made it.</source>
        <translation>{0} contient {1} octets là où {2} au plus ont un sens. Reprenez le fichier d&apos;une sauvegarde, ou supprimez-le et refaites l&apos;étape qui l&apos;a produit.</translation>
    </message>
    <message>
        <source>Cannot {0} {1} ({2}). {3}</source>
        <translation>Impossible : {0} {1} ({2}). {3}</translation>
    </message>
    <message>
        <source>{0} is open for reading only. Open the project for writing.</source>
        <translation>{0} est ouvert en lecture seule. Ouvrez le projet en écriture.</translation>
    </message>
    <message>
        <source>{0} is damaged. Open the project for writing once, so that it is made anew.</source>
        <translation>{0} est endommagé. Ouvrez une fois le projet en écriture pour qu&apos;il soit refait.</translation>
    </message>
    <message>
        <source>{0} of {1} products have no vectors of {2} yet. Run encode first.</source>
        <translation>{0} produits sur {1} n&apos;ont pas encore de vecteurs de {2}. Faites d&apos;abord la carte.</translation>
    </message>
    <message>
        <source>These vectors are open for reading only. Open the project for writing.</source>
        <translation>Ces vecteurs sont ouverts en lecture seule. Ouvrez le projet en écriture.</translation>
    </message>
    <message>
        <source>The vectors in {0} have lost their description and do not fit {1} {2}. Move that folder out of the project and encode again.</source>
        <translation>Les vecteurs de {0} ont perdu leur description et ne conviennent pas à {1} {2}. Sortez ce dossier du projet et encodez de nouveau.</translation>
    </message>
    <message>
        <source>{0} was written by a newer prodlabel (format {1}). Update prodlabel.</source>
        <translation>{0} a été écrit par un prodlabel plus récent (format {1}). Mettez prodlabel à jour.</translation>
    </message>
    <message>
        <source>A demo catalogue of {0} products is too small. Ask for 20 or more.</source>
        <translation>Un catalogue de démonstration de {0} produits est trop petit. Demandez-en 20 ou plus.</translation>
    </message>
    <message>
        <source>The demo catalogue cannot be written to {0} ({1}). Choose another folder.</source>
        <translation>Le catalogue de démonstration ne peut être écrit dans {0} ({1}). Choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>{0} is not the network that was trained: it is damaged. Train it again.</source>
        <translation>{0} n&apos;est pas le réseau qui a été entraîné : il est endommagé. Entraînez-le de nouveau.</translation>
    </message>
    <message>
        <source>A product stands twice in one relabel. Name each product once.</source>
        <translation>Un produit figure deux fois dans un réétiquetage. Nommez chaque produit une fois.</translation>
    </message>
    <message>
        <source>There is no category number {0} to put “{1}” under.</source>
        <translation>Il n&apos;y a pas de catégorie numéro {0} sous laquelle mettre « {1} ».</translation>
    </message>
    <message>
        <source>There is no category number {0} to move “{1}” to.</source>
        <translation>Il n&apos;y a pas de catégorie numéro {0} où déplacer « {1} ».</translation>
    </message>
    <message>
        <source>A category has no “{0}” to change.</source>
        <translation>Une catégorie n&apos;a pas de « {0} » à changer.</translation>
    </message>
    <message>
        <source>{0} has not the name of a dump. Choose a .jsonl.gz, .csv.gz or .parquet file.</source>
        <translation>{0} n&apos;a pas le nom d&apos;un dump. Choisissez un fichier .jsonl.gz, .csv.gz ou .parquet.</translation>
    </message>
    <message>
        <source>{0} is damaged or cut off. Fetch it again.</source>
        <translation>{0} est endommagé ou tronqué. Récupérez-le de nouveau.</translation>
    </message>
    <message>
        <source>{0} cannot be read or written ({1}). Check the disk and its rights.</source>
        <translation>{0} ne peut être lu ni écrit ({1}). Vérifiez le disque et ses droits.</translation>
    </message>
    <message>
        <source>{0} is damaged. Delete it and give --contact again.</source>
        <translation>{0} est endommagé. Supprimez-le et donnez de nouveau votre adresse.</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Check its folder.</source>
        <translation>{0} ne peut être écrit ({1}). Vérifiez son dossier.</translation>
    </message>
    <message>
        <source>{0} leads to an address that is not on the public internet or was not asked for. Allow the host in the settings if it is yours.</source>
        <translation>{0} mène à une adresse hors de l&apos;internet public ou non demandée. Autorisez l&apos;hôte dans les réglages s&apos;il est à vous.</translation>
    </message>
    <message>
        <source>{0} is too long for a taxonomy. Choose another file.</source>
        <translation>{0} est trop long pour une taxonomie. Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>{0} is no taxonomy that can be read. Choose one of these: {1}.</source>
        <translation>{0} n&apos;est pas une taxonomie lisible. Choisissez parmi : {1}.</translation>
    </message>
    <message>
        <source>{0} names no categories. Choose another file.</source>
        <translation>{0} ne nomme aucune catégorie. Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>The line names no category; it was left out.</source>
        <translation>La ligne ne nomme aucune catégorie ; elle a été laissée de côté.</translation>
    </message>
    <message>
        <source>A project needs a folder with a name, and {0} has none. Choose another.</source>
        <translation>Un projet a besoin d&apos;un dossier qui a un nom, et {0} n&apos;en a pas. Choisissez-en un autre.</translation>
    </message>
    <message>
        <source>The process that decodes pictures could not be started. Close other programs, or decode in the program itself.</source>
        <translation>Le processus qui décode les images n&apos;a pas pu démarrer. Fermez d&apos;autres programmes, ou décodez dans le programme même.</translation>
    </message>
    <message>
        <source>The suggestions come from the names of the categories, and none of them counts as sure. Label a few more products, then train and suggest again.</source>
        <translation>Les suggestions viennent des noms des catégories, et aucune ne compte comme sûre. Étiquetez quelques produits de plus, puis entraînez et suggérez de nouveau.</translation>
    </message>
    <message>
        <source>The suggestions were made by version {0}, and version {1} is in use. Suggest again first (`prodlabel suggest`).</source>
        <translation>Les suggestions viennent de la version {0}, et la version {1} est en usage. Suggérez d&apos;abord de nouveau.</translation>
    </message>
    <message>
        <source>There are no suggestions yet. Suggest first (`prodlabel suggest`).</source>
        <translation>Il n&apos;y a pas encore de suggestions. Entraînez d&apos;abord.</translation>
    </message>
    <message>
        <source>There is no product with the key “{0}”. Check the key.</source>
        <translation>Il n&apos;y a pas de produit avec la clé « {0} ». Vérifiez la clé.</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Check the free space and your rights.</source>
        <translation>{0} ne peut être écrit ({1}). Vérifiez l&apos;espace libre et vos droits.</translation>
    </message>
    <message>
        <source>alike</source>
        <translation>d’accord</translation>
    </message>
    <message>
        <source>otherwise</source>
        <translation>pas d’accord</translation>
    </message>
    <message>
        <source>More labels alone will not bring a macro-F1 of {0}: the curve flattens below it.</source>
        <translation>Plus d’étiquettes ne suffiront pas à atteindre un macro-F1 de {0} : la courbe s’aplatit avant.</translation>
    </message>
    <message>
        <source>A macro-F1 of {0} is reached with the labels there are ({1}).</source>
        <translation>Un macro-F1 de {0} est atteint avec les étiquettes existantes ({1}).</translation>
    </message>
    <message>
        <source>About {0} more labels for a macro-F1 of {1} (90 %: {2} or far more).</source>
        <translation>Environ {0} étiquettes de plus pour un macro-F1 de {1} (90 % : {2} ou bien davantage).</translation>
    </message>
    <message>
        <source>About {0} more labels for a macro-F1 of {1} (90 %: {2} to {3}).</source>
        <translation>Environ {0} étiquettes de plus pour un macro-F1 de {1} (90 % : de {2} à {3}).</translation>
    </message>
    <message>
        <source>{0} in {1} is neither a file nor a folder. Remove it and open the project again.</source>
        <translation>{0} dans {1} n’est ni un fichier ni un dossier. Retirez-le, puis rouvrez le projet.</translation>
    </message>
    <message>
        <source>{0} unpacks to more than {1} times its size. No dump does: fetch it again.</source>
        <translation>{0} se décompresse en plus de {1} fois sa taille. Aucun export ne le fait : téléchargez-le de nouveau.</translation>
    </message>
    <message>
        <source>Unpacking {0}</source>
        <translation>Extraction de {0}</translation>
    </message>
    <message>
        <source>Finding axes</source>
        <translation>Recherche des axes</translation>
    </message>
    <message>
        <source>Placing on the axes</source>
        <translation>Placement sur les axes</translation>
    </message>
    <message>
        <source>Waiting for neighbours</source>
        <translation>Attente des voisins</translation>
    </message>
    <message>
        <source>{0} has not learnt this catalogue yet. Run `prodlabel encode` first.</source>
        <translation>{0} n’a pas encore appris ce catalogue. Lancez d’abord `prodlabel encode`.</translation>
    </message>
    <message>
        <source>{0} is not what prodlabel wrote ({1}).</source>
        <translation>{0} n’est pas ce que prodlabel a écrit ({1}).</translation>
    </message>
    <message>
        <source>{0} is not what prodlabel wrote.</source>
        <translation>{0} n’est pas ce que prodlabel a écrit.</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Pas d’image</translation>
    </message>
    <message>
        <source>Plus and minus zoom, arrows move, 0 shows all</source>
        <translation>Plus et moins agrandissent ou réduisent, les flèches déplacent, 0 montre tout</translation>
    </message>
</context>
<context>
    <name>ProblemList</name>
    <message>
        <source>Remarks by row</source>
        <translation>Remarques par ligne</translation>
    </message>
    <message>
        <source>Kind of remark</source>
        <translation>Genre de remarque</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer sous…</translation>
    </message>
    <message>
        <source>All remarks ({0:,})</source>
        <translation>Toutes les remarques ({0:,})</translation>
    </message>
    <message>
        <source>{0:,} more are counted but not listed.</source>
        <translation>{0:,} autres sont comptées mais pas montrées.</translation>
    </message>
    <message>
        <source>Table (*.tsv)</source>
        <translation>Tableau (*.tsv)</translation>
    </message>
    <message>
        <source>Save the remarks</source>
        <translation>Enregistrer les remarques</translation>
    </message>
</context>
<context>
    <name>ProblemModel</name>
    <message>
        <source>Where</source>
        <translation>Où</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>row {0:,}</source>
        <translation>ligne {0:,}</translation>
    </message>
</context>
<context>
    <name>ProductTableModel</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Confiance</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Statut</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
</context>
<context>
    <name>QueueList</name>
    <message>
        <source>Worth a look</source>
        <translation>À regarder</translation>
    </message>
    <message>
        <source>All at once</source>
        <translation>Tout à la fois</translation>
    </message>
    <message>
        <source>Accept all above the line</source>
        <translation>Accepter tout au-dessus de la limite</translation>
    </message>
    <message>
        <source>Asked again blindly, you said the same in {0} of {1} cases.</source>
        <translation>Réinterrogé à l’aveugle, vous avez dit la même chose dans {0} cas sur {1}.</translation>
    </message>
    <message>
        <source>Of {0} labels drawn at random {1} were wrong: {2:.0f} to {3:.0f} % of all (95 %).</source>
        <translation>Sur {0} étiquettes tirées au hasard, {1} étaient fausses : {2:.0f} à {3:.0f} % de toutes (95 %).</translation>
    </message>
</context>
<context>
    <name>QueueStrip</name>
    <message>
        <source>{0:,} of {1:,}</source>
        <translation>{0:,} sur {1:,}</translation>
    </message>
    <message>
        <source>you may stop here</source>
        <translation>vous pouvez arrêter ici</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>moins d’une minute restante</translation>
    </message>
    <message>
        <source>about {0:.0f} min left</source>
        <translation>environ {0:.0f} min restantes</translation>
    </message>
    <message>
        <source>about {0:.1f} h left</source>
        <translation>environ {0:.1f} h restantes</translation>
    </message>
</context>
<context>
    <name>RecordModel</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Clé</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Description</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>image</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>pas d’image</translation>
    </message>
</context>
<context>
    <name>RecordTable</name>
    <message>
        <source>Preview of the products</source>
        <translation>Aperçu des produits</translation>
    </message>
</context>
<context>
    <name>RelabelCard</name>
    <message>
        <source>show</source>
        <translation>montrer</translation>
    </message>
    <message>
        <source>include</source>
        <translation>inclure</translation>
    </message>
    <message>
        <source>cancel</source>
        <translation>annuler</translation>
    </message>
    <message>
        <source>{0:,} selected</source>
        <translation>{0:,} sélectionnés</translation>
    </message>
    <message>
        <source>+ {0} more</source>
        <translation>+ {0} autres</translation>
    </message>
    <message>
        <source>Relabel {0:,}</source>
        <translation>Reclasser {0:,}</translation>
    </message>
    <message>
        <source>Confirm {0:,}</source>
        <translation>Confirmer {0:,}</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>Rien à faire</translation>
    </message>
    <message>
        <source>{0:,} left out: confirmed by a person as {1}.</source>
        <translation>{0:,} laissés de côté : confirmés par une personne comme {1}.</translation>
    </message>
    <message>
        <source>{0:,} have it already and become confirmed.</source>
        <translation>{0:,} l’ont déjà et deviennent confirmés.</translation>
    </message>
    <message>
        <source>{0:,} stay as they are.</source>
        <translation>{0:,} restent tels quels.</translation>
    </message>
    <message>
        <source>One step in the history; Ctrl+Z takes it back.</source>
        <translation>Une étape dans l’historique ; Ctrl+Z l’annule.</translation>
    </message>
    <message>
        <source>{0} and others</source>
        <translation>{0} et autres</translation>
    </message>
    <message>
        <source>as suggested</source>
        <translation>comme suggéré</translation>
    </message>
    <message>
        <source>Reject {0:,}</source>
        <translation>Refuser {0:,}</translation>
    </message>
    <message>
        <source>Flag {0:,}</source>
        <translation>Signaler {0:,}</translation>
    </message>
    <message>
        <source>Accept {0:,}</source>
        <translation>Accepter {0:,}</translation>
    </message>
    <message>
        <source>{0:,} unticked.</source>
        <translation>{0:,} décochés.</translation>
    </message>
    <message>
        <source>{0:,} left out: rather {1} ({2} % sure or more).</source>
        <translation>{0:,} laissés de côté : plutôt {1} (sûr à {2} % ou plus).</translation>
    </message>
    <message>
        <source>{0:,} left out: rather {1} and others ({2} % sure or more).</source>
        <translation>{0:,} laissés de côté : plutôt {1} et autres (sûr à {2} % ou plus).</translation>
    </message>
</context>
<context>
    <name>ReportPlace</name>
    <message>
        <source>Open in the browser</source>
        <translation>Ouvrir dans le navigateur</translation>
    </message>
    <message>
        <source>The report</source>
        <translation>Le rapport</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Pas encore de produits</translation>
    </message>
    <message>
        <source>Make it anew</source>
        <translation>Le refaire</translation>
    </message>
    <message>
        <source>Make the report</source>
        <translation>Faire le rapport</translation>
    </message>
    <message>
        <source>Making the report</source>
        <translation>Préparation du rapport</translation>
    </message>
    <message>
        <source>No browser could be started. The report is {0}.</source>
        <translation>Aucun navigateur n’a pu être lancé. Le rapport est {0}.</translation>
    </message>
    <message>
        <source>Made {0}, {1}</source>
        <translation>Fait {0}, {1}</translation>
    </message>
    <message>
        <source>One page to print or send: whether this catalogue can be sorted by a classifier, how well, and what it would save. It stands alone, and opens in any browser without a network.</source>
        <translation>Une page à imprimer ou à envoyer : si ce catalogue peut être trié par un classifieur, avec quelle qualité, et ce que cela épargnerait. Elle se suffit à elle-même et s’ouvre dans tout navigateur, sans réseau.</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>Ce qu’il contient</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>can it be sorted, and what that rests on</source>
        <translation>peut-on le trier, et sur quoi cela repose</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>Cartes</translation>
    </message>
    <message>
        <source>all products by text, by picture and by both</source>
        <translation>tous les produits par texte, par image et par les deux</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Accord</translation>
    </message>
    <message>
        <source>do clusters found without labels fit the categories</source>
        <translation>les groupes trouvés sans étiquettes suivent-ils les catégories</translation>
    </message>
    <message>
        <source>Classifier</source>
        <translation>Classifieur</translation>
    </message>
    <message>
        <source>accuracy with its spread, confusion, calibration, coverage</source>
        <translation>exactitude et dispersion, confusion, calibration, couverture</translation>
    </message>
    <message>
        <source>Suspects</source>
        <translation>Suspects</translation>
    </message>
    <message>
        <source>labels that are probably wrong, with pictures</source>
        <translation>étiquettes probablement fausses, avec images</translation>
    </message>
    <message>
        <source>Provenance</source>
        <translation>Provenance</translation>
    </message>
    <message>
        <source>sources, settings and versions behind every figure</source>
        <translation>sources, réglages et versions derrière chaque chiffre</translation>
    </message>
    <message>
        <source>Open to print (PDF)</source>
        <translation>Ouvrir pour imprimer (PDF)</translation>
    </message>
    <message>
        <source>Products behind the figures</source>
        <translation>Les produits derrière les chiffres</translation>
    </message>
    <message>
        <source>Enter or a double click shows these products on the map</source>
        <translation>Entrée ou un double clic montre ces produits sur la carte</translation>
    </message>
    <message>
        <source>Nothing that shows a PDF could be started. The report is {0}.</source>
        <translation>Rien n’a pu être ouvert pour montrer un PDF. Le rapport est ici : {0}.</translation>
    </message>
</context>
<context>
    <name>Retraining</name>
    <message>
        <source>trains only when asked</source>
        <translation>s’entraîne seulement sur demande</translation>
    </message>
    <message>
        <source>has learned everything</source>
        <translation>a tout appris</translation>
    </message>
    <message>
        <source>trains again at {0:,} of {1:,} corrections</source>
        <translation>réentraînement à {0:,} corrections sur {1:,}</translation>
    </message>
    <message>
        <source>{0:,} corrections, trains again within {1} min</source>
        <translation>{0:,} corrections, réentraînement d’ici {1} min</translation>
    </message>
</context>
<context>
    <name>ReviewPlace</name>
    <message>
        <source>There is no suggestion for this product.</source>
        <translation>Il n’y a pas de suggestion pour ce produit.</translation>
    </message>
    <message>
        <source>{0:,} left, {1:.0f} s each at your pace.</source>
        <translation>{0:,} restants, {1:.0f} s chacun à votre rythme.</translation>
    </message>
    <message>
        <source>About {0:.0f} of them need a change.</source>
        <translation>Environ {0:.0f} demandent un changement.</translation>
    </message>
    <message>
        <source>Accept {0}</source>
        <translation>Accepter {0}</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Accepter</translation>
    </message>
    <message>
        <source>accept</source>
        <translation>accepter</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>rejeter</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>passer</translation>
    </message>
    <message>
        <source>flag</source>
        <translation>signaler</translation>
    </message>
    <message>
        <source>note</source>
        <translation>noter</translation>
    </message>
    <message>
        <source>back</source>
        <translation>revenir</translation>
    </message>
    <message>
        <source>alike</source>
        <translation>semblables</translation>
    </message>
    <message>
        <source>Nearly the same article as the one that you just decided.</source>
        <translation>Presque le même article que celui que vous venez de décider.</translation>
    </message>
    <message>
        <source>{0:,} left, less than a second each at your pace.</source>
        <translation>{0:,} restants, moins d’une seconde chacun à votre rythme.</translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>Stop the import</source>
        <translation>Arrêter l’importation</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Fetch the pictures again</source>
        <translation>Redemander les images</translation>
    </message>
    <message>
        <source>Then make the map, train and suggest categories</source>
        <translation>Puis faire la carte, entraîner et suggérer des catégories</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>Importation</translation>
    </message>
    <message>
        <source>The products are in</source>
        <translation>Les produits sont là</translation>
    </message>
    <message>
        <source>The import stopped</source>
        <translation>L’importation s’est arrêtée</translation>
    </message>
    <message>
        <source>The import was stopped</source>
        <translation>L’importation a été arrêtée</translation>
    </message>
    <message>
        <source>Go on in the background</source>
        <translation>Continuer en arrière-plan</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Les montrer</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Fetch {0:,} pictures again</source>
        <translation>Redemander {0:,} images</translation>
    </message>
    <message>
        <source>{0:,} new</source>
        <translation>{0:,} nouveaux</translation>
    </message>
    <message>
        <source>{0:,} changed</source>
        <translation>{0:,} modifiés</translation>
    </message>
    <message>
        <source>{0:,} as before</source>
        <translation>{0:,} comme avant</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Pas encore de produits</translation>
    </message>
    <message>
        <source>What came in stays. “Go on” takes the rest.</source>
        <translation>Ce qui est entré reste. « Continuer » prend le reste.</translation>
    </message>
    <message>
        <source>One step in the history; Ctrl+Z takes it back.</source>
        <translation>Une seule étape de l’historique ; Ctrl+Z l’annule.</translation>
    </message>
</context>
<context>
    <name>SafeKeeping</name>
    <message>
        <source>The backup is made.</source>
        <translation>La sauvegarde est faite.</translation>
    </message>
    <message>
        <source>Making a backup</source>
        <translation>Sauvegarde en cours</translation>
    </message>
    <message>
        <source>Rescue or restore…</source>
        <translation>Sauver ou restaurer…</translation>
    </message>
    <message>
        <source>The project is back to {0}. The state before is kept as {1}.</source>
        <translation>Le projet est revenu à {0}. L’état d’avant est gardé sous {1}.</translation>
    </message>
    <message>
        <source>Going back</source>
        <translation>Retour en arrière</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>Tout va bien.</translation>
    </message>
    <message>
        <source>Rescuing</source>
        <translation>Sauvetage</translation>
    </message>
    <message>
        <source>Reading backups</source>
        <translation>Lecture des sauvegardes</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Search words, ~ meaning, category:… brand:…</source>
        <translation>Chercher des mots, ~ un sens, category:… brand:…</translation>
    </message>
    <message>
        <source>pasted picture</source>
        <translation>image collée</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>no category</source>
        <translation>sans catégorie</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Theme</source>
        <translation>Thème</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Taille du texte</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Mouvement</translation>
    </message>
    <message>
        <source>Name in the history</source>
        <translation>Nom dans l’historique</translation>
    </message>
    <message>
        <source>Panels stay where they are</source>
        <translation>Les panneaux restent en place</translation>
    </message>
    <message>
        <source>Legend on the map</source>
        <translation>Légende sur la carte</translation>
    </message>
    <message>
        <source>Train again after so many minutes</source>
        <translation>Réentraîner après tant de minutes</translation>
    </message>
    <message>
        <source>Decode imported pictures in guarded processes</source>
        <translation>Décoder les images importées dans des processus surveillés</translation>
    </message>
    <message>
        <source>Train again at the latest after so many corrections</source>
        <translation>Réentraîner au plus tard après tant de corrections</translation>
    </message>
</context>
<context>
    <name>SettingsSheet</name>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Everything applies at once. Esc closes.</source>
        <translation>Tout s’applique aussitôt. Échap ferme.</translation>
    </message>
    <message>
        <source>as the system</source>
        <translation>comme le système</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>sombre</translation>
    </message>
    <message>
        <source>light</source>
        <translation>clair</translation>
    </message>
    <message>
        <source>on</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>off</source>
        <translation>non</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
    <message>
        <source>Click a key to change it; Backspace takes it away. Esc closes.</source>
        <translation>Cliquez sur une touche pour la changer ; Retour arrière l’enlève. Échap ferme.</translation>
    </message>
    <message>
        <source>1 … 9, 0: propose a category for the selection</source>
        <translation>1 … 9, 0 : proposer une catégorie pour la sélection</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>aucune touche</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>La prendre</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>La laisser</translation>
    </message>
    <message>
        <source>All keys as they were at first</source>
        <translation>Toutes les touches comme au départ</translation>
    </message>
    <message>
        <source>{0} is the key of “{1}”.</source>
        <translation>{0} est la touche de « {1} ».</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Find a category</source>
        <translation>Chercher une catégorie</translation>
    </message>
    <message>
        <source>No categories yet. Import products or make one.</source>
        <translation>Pas encore de catégories. Importez des produits ou créez-en une.</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Statut</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Probably wrong</source>
        <translation>Probablement faux</translation>
    </message>
    <message>
        <source>Text and picture disagree</source>
        <translation>Texte et image se contredisent</translation>
    </message>
    <message>
        <source>Same article twice</source>
        <translation>Même article deux fois</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Catégories</translation>
    </message>
    <message>
        <source>New category</source>
        <translation>Nouvelle catégorie</translation>
    </message>
    <message>
        <source>Narrow down</source>
        <translation>Restreindre</translation>
    </message>
    <message>
        <source>Worth a look</source>
        <translation>À regarder</translation>
    </message>
    <message>
        <source>{0:,} of {1:,}</source>
        <translation>{0:,} sur {1:,}</translation>
    </message>
    <message>
        <source>Curators</source>
        <translation>Curateurs</translation>
    </message>
    <message>
        <source>Categories and filters</source>
        <translation>Catégories et filtres</translation>
    </message>
    <message>
        <source>Suggested as</source>
        <translation>Proposé comme</translation>
    </message>
    <message>
        <source>Text, picture</source>
        <translation>Texte, image</translation>
    </message>
</context>
<context>
    <name>SlidingRow</name>
    <message>
        <source>Queue</source>
        <translation>File</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>See a catalogue as one map, find what is filed wrongly, relabel it in a stroke.</source>
        <translation>Voir un catalogue comme une carte, trouver ce qui est mal classé, le reclasser d’un trait.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Récents</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Projets récents</translation>
    </message>
    <message>
        <source>No project yet. The demo shows in two minutes what can be done.</source>
        <translation>Pas encore de projet. La démo montre en deux minutes ce qu’on peut faire.</translation>
    </message>
    <message>
        <source>Or drop a project, a table or a folder of pictures here.</source>
        <translation>Ou déposez ici un projet, un tableau ou un dossier d’images.</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Ouvrir…</translation>
    </message>
    <message>
        <source>New…</source>
        <translation>Nouveau…</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Ouvrir la démo</translation>
    </message>
    <message>
        <source>Import products…</source>
        <translation>Importer des produits…</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>cancel</source>
        <translation>annuler</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>Annuler : {0}</translation>
    </message>
    <message>
        <source>{0:,} shown</source>
        <translation>{0:,} montrés</translation>
    </message>
    <message>
        <source>{0:,} selected</source>
        <translation>{0:,} sélectionnés</translation>
    </message>
    <message>
        <source>Classifier {0}</source>
        <translation>Classifieur {0}</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>à l’instant</translation>
    </message>
    <message>
        <source>{0:.0f} min ago</source>
        <translation>il y a {0:.0f} min</translation>
    </message>
    <message>
        <source>{0:.0f} h ago</source>
        <translation>il y a {0:.0f} h</translation>
    </message>
    <message>
        <source>{0:.0f} days ago</source>
        <translation>il y a {0:.0f} jours</translation>
    </message>
    <message>
        <source>{0:,} of {1:,}</source>
        <translation>{0:,} sur {1:,}</translation>
    </message>
    <message>
        <source>Who decides: the name beside each decision in the history</source>
        <translation>Qui décide : le nom à côté de chaque décision dans l’historique</translation>
    </message>
    <message>
        <source>Who decides: {0}</source>
        <translation>Qui décide : {0}</translation>
    </message>
    <message>
        <source>All jobs under way</source>
        <translation>Tous les travaux en cours</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>et {0} de plus</translation>
    </message>
</context>
<context>
    <name>SuggestionBar</name>
    <message>
        <source>{0}, {1} percent</source>
        <translation>{0}, {1} pour cent</translation>
    </message>
    <message>
        <source>Relabel to {0}</source>
        <translation>Reclasser dans {0}</translation>
    </message>
</context>
<context>
    <name>TablePage</name>
    <message>
        <source>Levels that label</source>
        <translation>Niveaux qui étiquettent</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Encodage</translation>
    </message>
    <message>
        <source>{0:,} products</source>
        <translation>{0:,} produits</translation>
    </message>
    <message>
        <source>{0:,} remarks</source>
        <translation>{0:,} remarques</translation>
    </message>
    <message>
        <source>no remarks</source>
        <translation>aucune remarque</translation>
    </message>
    <message>
        <source>Import {0:,} products</source>
        <translation>Importer {0:,} produits</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importer</translation>
    </message>
    <message>
        <source>Reading {0}</source>
        <translation>Lecture de {0}</translation>
    </message>
    <message>
        <source>no folder found</source>
        <translation>aucun dossier trouvé</translation>
    </message>
    <message>
        <source>The folder with the pictures</source>
        <translation>Le dossier des images</translation>
    </message>
    <message>
        <source>Reading {0} …</source>
        <translation>Lecture de {0}…</translation>
    </message>
    <message>
        <source>There are no products in {0}. Choose another file.</source>
        <translation>Il n’y a pas de produits dans {0}. Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>What the columns mean</source>
        <translation>Ce que disent les colonnes</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Étiquettes</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>the whole path is the label</source>
        <translation>le chemin entier est l’étiquette</translation>
    </message>
    <message>
        <source>the first level is the label</source>
        <translation>le premier niveau est l’étiquette</translation>
    </message>
    <message>
        <source>the first two levels are the label</source>
        <translation>les deux premiers niveaux sont l’étiquette</translation>
    </message>
    <message>
        <source>the first three levels are the label</source>
        <translation>les trois premiers niveaux sont l’étiquette</translation>
    </message>
    <message>
        <source>found from the file</source>
        <translation>trouvé d’après le fichier</translation>
    </message>
</context>
<context>
    <name>TaxonomyModel</name>
    <message>
        <source>{name}, {count} products</source>
        <translation>{name}, {count} produits</translation>
    </message>
</context>
<context>
    <name>TaxonomyTree</name>
    <message>
        <source>Categories</source>
        <translation>Catégories</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>{0} · {1:,} products</source>
        <translation>{0} · {1:,} produits</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Close the tour</source>
        <translation>Fermer la visite</translation>
    </message>
    <message>
        <source>Every point is a product</source>
        <translation>Chaque point est un produit</translation>
    </message>
    <message>
        <source>What is alike lies together. The wheel zooms, dragging moves the map, a click shows the product at the right.</source>
        <translation>Ce qui se ressemble est ensemble. La molette agrandit, glisser déplace la carte, un clic montre le produit à droite.</translation>
    </message>
    <message>
        <source>Draw around what belongs together</source>
        <translation>Entourez ce qui va ensemble</translation>
    </message>
    <message>
        <source>{0} is the lasso. Shift adds to the selection, Ctrl takes away.</source>
        <translation>{0} est le lasso. Maj ajoute à la sélection, Ctrl en retire.</translation>
    </message>
    <message>
        <source>One key says what it is</source>
        <translation>Une touche dit ce que c’est</translation>
    </message>
    <message>
        <source>A digit proposes a category for the selection and shows what will change; {0} applies it, {1} takes it back.</source>
        <translation>Un chiffre propose une catégorie pour la sélection et montre ce qui changera ; {0} l’applique, {1} l’annule.</translation>
    </message>
    <message>
        <source>Start with what is probably wrong</source>
        <translation>Commencez par ce qui est probablement faux</translation>
    </message>
    <message>
        <source>The list at the left counts what is worth a look. {0} accepts the suggestion for a product, {1} rejects it; {2} searches.</source>
        <translation>La liste à gauche compte ce qui mérite un regard. {0} accepte la suggestion pour un produit, {1} la rejette ; {2} cherche.</translation>
    </message>
    <message>
        <source>Everything has a name</source>
        <translation>Tout a un nom</translation>
    </message>
    <message>
        <source>{0} finds every command, {1} shows all keys.</source>
        <translation>{0} trouve chaque commande, {1} montre toutes les touches.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} sur {1}</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Commencer</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
</context>
<context>
    <name>TrainingPlace</name>
    <message>
        <source>Train now</source>
        <translation>Entraîner maintenant</translation>
    </message>
    <message>
        <source>Measure the learning curve</source>
        <translation>Mesurer la courbe d’apprentissage</translation>
    </message>
    <message>
        <source>Compare the two</source>
        <translation>Comparer les deux</translation>
    </message>
    <message>
        <source>Put in use</source>
        <translation>Mettre en service</translation>
    </message>
    <message>
        <source>Reading version {0}</source>
        <translation>Lecture de la version {0}</translation>
    </message>
    <message>
        <source>This version cannot be measured</source>
        <translation>Cette version ne peut être mesurée</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Pas encore de produits</translation>
    </message>
    <message>
        <source>Import a catalogue first.</source>
        <translation>Importez d’abord un catalogue.</translation>
    </message>
    <message>
        <source>Train one on the labels there are: it suggests categories and says how sure it is.</source>
        <translation>Entraînez-en un sur les étiquettes présentes : il suggère des catégories et dit sa certitude.</translation>
    </message>
    <message>
        <source>No classifier yet</source>
        <translation>Pas encore de classifieur</translation>
    </message>
    <message>
        <source>right on {0:,} products it had not seen (95 %: {1:.1f} to {2:.1f} %)</source>
        <translation>juste sur {0:,} produits qu’il n’avait pas vus (95 % : {1:.1f} à {2:.1f} %)</translation>
    </message>
    <message>
        <source>calibration error</source>
        <translation>erreur de calibration</translation>
    </message>
    <message>
        <source>{0:,} labels suspected wrong</source>
        <translation>{0:,} étiquettes supposées fausses</translation>
    </message>
    <message>
        <source>the first version</source>
        <translation>la première version</translation>
    </message>
    <message>
        <source>{0:+.1f} points since the version before</source>
        <translation>{0:+.1f} points depuis la version précédente</translation>
    </message>
    <message>
        <source>Accepting the {0:,} surest ({1:.0f} %, from {2:.0f} % sure): {3:.1f} % right.</source>
        <translation>En acceptant les {0:,} plus sûrs ({1:.0f} %, à partir de {2:.0f} % de certitude) : {3:.1f} % justes.</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Comparaison…</translation>
    </message>
    <message>
        <source>Comparing versions</source>
        <translation>Comparaison des versions</translation>
    </message>
    <message>
        <source>Measuring the learning curve</source>
        <translation>Mesure de la courbe d’apprentissage</translation>
    </message>
    <message>
        <source>On {0:,} labels: {1:.1f} % before, {2:.1f} % after; {3:,} won, {4:,} lost.</source>
        <translation>Sur {0:,} étiquettes : {1:.1f} % avant, {2:.1f} % après ; {3:,} gagnées, {4:,} perdues.</translation>
    </message>
    <message>
        <source>{0:,} suggestions differ: show them</source>
        <translation>{0:,} suggestions diffèrent : les montrer</translation>
    </message>
    <message>
        <source>Labelled as, by row; suggested as, by column</source>
        <translation>Étiqueté par ligne ; suggéré par colonne</translation>
    </message>
    <message>
        <source>What more labels would bring: some fifteen trainings.</source>
        <translation>Ce qu’apporteraient plus d’étiquettes : une quinzaine d’entraînements.</translation>
    </message>
    <message>
        <source>On the dashed line it is as right as it says.</source>
        <translation>Sur la ligne pointillée, il a raison autant qu’il le dit.</translation>
    </message>
    <message>
        <source>Coverage against precision</source>
        <translation>Couverture et précision</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Calibration</translation>
    </message>
    <message>
        <source>Learning curve</source>
        <translation>Courbe d’apprentissage</translation>
    </message>
    <message>
        <source>Check two to compare them, one to put it in use again.</source>
        <translation>Cochez-en deux pour les comparer, une pour la remettre en service.</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versions</translation>
    </message>
    <message>
        <source>{0:.1f} % on the labels it was trained on</source>
        <translation>{0:.1f} % sur les étiquettes de l’entraînement</translation>
    </message>
    <message>
        <source>What decides: {0:.0f} % text, {1:.0f} % picture</source>
        <translation>Ce qui décide : {0:.0f} % texte, {1:.0f} % image</translation>
    </message>
    <message>
        <source>Version {0} is in use again.</source>
        <translation>La version {0} est de nouveau utilisée.</translation>
    </message>
    <message>
        <source>Version {0} was not read</source>
        <translation>La version {0} n’a pas été lue</translation>
    </message>
    <message>
        <source>Reading it was cancelled.</source>
        <translation>La lecture a été annulée.</translation>
    </message>
    <message>
        <source>Read it</source>
        <translation>La lire</translation>
    </message>
    <message>
        <source>Figures of the version</source>
        <translation>Chiffres de la version</translation>
    </message>
    <message>
        <source>{0:,} accepted suggestions, for which labels as sure as they are stand</source>
        <translation>{0:,} suggestions acceptées, que représentent des étiquettes aussi sûres</translation>
    </message>
</context>
<context>
    <name>VersionRow</name>
    <message>
        <source>Version {0}, {1}</source>
        <translation>Version {0}, {1}</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>non mesurée</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>Version {0}</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>en service</translation>
    </message>
    <message>
        <source>held back: worse</source>
        <translation>retenue : moins bonne</translation>
    </message>
    <message>
        <source>{0:,} labels</source>
        <translation>{0:,} étiquettes</translation>
    </message>
    <message>
        <source>joint network</source>
        <translation>réseau conjoint</translation>
    </message>
    <message>
        <source>picture network</source>
        <translation>réseau d’images</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>Reading texts</source>
        <translation>Lecture des textes</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Relabel to</source>
        <translation>Reclasser dans</translation>
    </message>
    <message>
        <source>Relabel to… type the first letters</source>
        <translation>Reclasser dans… tapez les premières lettres</translation>
    </message>
    <message>
        <source>Note for the history of this product</source>
        <translation>Note pour l’historique de ce produit</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>Tapez ce que vous voulez faire</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>Il n’y a pas d’image dans le presse-papiers.</translation>
    </message>
    <message>
        <source>Note: becomes the reason of the next decision</source>
        <translation>Note : devient la raison de la prochaine décision</translation>
    </message>
    <message>
        <source>Note for {0:,} products</source>
        <translation>Note pour {0:,} produits</translation>
    </message>
    <message>
        <source>Name of who decides from now on</source>
        <translation>Nom de qui décide désormais</translation>
    </message>
    <message>
        <source>This is shown once the import is done.</source>
        <translation>Cela s’affichera une fois l’import terminé.</translation>
    </message>
</context>
<context>
    <name>Work</name>
    <message>
        <source>{0:,} products are new, {1:,} changed.</source>
        <translation>{0:,} produits nouveaux, {1:,} modifiés.</translation>
    </message>
    <message>
        <source>{0} {1:,} remarks: {2}</source>
        <translation>{0} {1:,} remarques : {2}</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Faire la carte</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Entraîner</translation>
    </message>
    <message>
        <source>The map is ready.</source>
        <translation>La carte est prête.</translation>
    </message>
    <message>
        <source>Making the map</source>
        <translation>Création de la carte</translation>
    </message>
    <message>
        <source>Suggestions are ready.</source>
        <translation>Les suggestions sont prêtes.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <source>{0:,} products were written to {1}.</source>
        <translation>{0:,} produits ont été écrits dans {1}.</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Exportation</translation>
    </message>
    <message>
        <source>The map was saved as {0}.</source>
        <translation>La carte a été enregistrée sous {0}.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ouvrir le dossier</translation>
    </message>
    <message>
        <source>Drawing the demo</source>
        <translation>Dessin de la démo</translation>
    </message>
    <message>
        <source>Training again</source>
        <translation>Réentraînement</translation>
    </message>
    <message>
        <source>Look at it</source>
        <translation>Regarder</translation>
    </message>
    <message>
        <source>The new version is not in use. {0}</source>
        <translation>La nouvelle version n’est pas utilisée. {0}</translation>
    </message>
    <message>
        <source>There are few labels yet: suggestions come from the names of the categories.</source>
        <translation>Il y a encore peu d’étiquettes : les suggestions viennent des noms des catégories.</translation>
    </message>
    <message>
        <source>Reading values</source>
        <translation>Lecture des valeurs</translation>
    </message>
    <message>
        <source>Suggesting</source>
        <translation>Calcul des suggestions</translation>
    </message>
    <message>
        <source>Training a network</source>
        <translation>Entraînement d’un réseau</translation>
    </message>
</context>
<context>
    <name>Workplace</name>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Il n’y a rien à annuler.</translation>
    </message>
    <message>
        <source>Undone: {0}</source>
        <translation>Annulé : {0}</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Il n’y a rien à rétablir.</translation>
    </message>
    <message>
        <source>Done again: {0}</source>
        <translation>Rétabli : {0}</translation>
    </message>
    <message>
        <source>accept</source>
        <translation>accepter</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>rejeter</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>passer</translation>
    </message>
    <message>
        <source>all keys</source>
        <translation>toutes les touches</translation>
    </message>
    <message>
        <source>category</source>
        <translation>catégorie</translation>
    </message>
    <message>
        <source>This product belongs to no cluster.</source>
        <translation>Ce produit n’appartient à aucun groupe.</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>cancel</source>
        <translation>annuler</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>Annuler {0}</translation>
    </message>
</context>
</TS>
