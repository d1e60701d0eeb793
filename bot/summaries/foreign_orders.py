"""Orders to a model in the languages that they were seen in, most of them to override others."""

# ruff: noqa: RUF001 - letters of other scripts are what is looked for

from __future__ import annotations

from typing import Final

from bot.summaries.orders import order

FOREIGN: Final = (
    order(
        "Chinese",
        "高分|满分|滿分|忽略|忽视|忽視|无视|無視|忘记|忘記|忘掉|不要|正面|积极|積極|你现在|你現在",
        r"""(?:忽略|忽视|忽視|无视|無視|忘记|忘記|忘掉|不要(?:理会|遵循|遵守))[^。!?！？]{0,16}?
        (?:指令|指示|提示|命令|要求|规则|規則|说明|說明|内容|內容)
        |(?:只|请|請|必须|必須|务必)[^。!?！？]{0,8}(?:给|給|写|寫|输出|輸出|提供)[^。!?！？]{0,10}
        (?:正面|积极|積極)[^。!?！？]{0,6}(?:评|評|审|審|反馈|意见)
        |给(?:这|這|本|该|該)[^。!?！？]{0,8}(?:最高|满|滿|高)分
        |不要(?:提|提及|提到|指出)[^。!?！？]{0,8}
        (?:缺点|缺點|弱点|弱點|不足|局限|负面|問題|问题)
        |你(?:现在|現在)是""",
    ),
    order(
        "Japanese",
        "無視|忘れ|肯定的|言及しない|触れない|書かない|あなたは今",
        r"""(?:指示|命令|プロンプト|指令|ルール|内容)[^。!?]{0,8}(?:無視|忘れ)
        (?:して(?:くだ|、|し|肯)|し、|せよ|ろ|てくだ)
        |肯定的な?(?:レビュー|査読|評価)(?:のみ|だけ)
        |(?:否定的な点|欠点|弱点)[^。!?]{0,10}(?:言及しない|触れない|書かない)でくだ
        |あなたは今(?:から|、)""",
    ),
    order(
        "Korean",
        "무시",
        r"(?:지시|명령|프롬프트|지침|규칙)[^.!?]{0,12}무시(?:하고|하세요|하십시오|해|하라)",
    ),
    order(
        "Russian",
        "гнорируй|забудь|обращай|положительн|теперь|упоминай",
        r"""\b(?:(?:про)?игнорируй|забудь|не обращай)(?:те)?\b[^.!?]{0,60}?
        (?:инструкц|указани|команд|правил|сказан)
        |\b(?:дай|напиши|оставь)(?:те)?\b[^.!?]{0,30}положительн\w{0,4} (?:рецензи|отзыв|оценк)
        |\bтеперь ты\b|\bне упоминай(?:те)?\b[^.!?]{0,30}(?:недостат|слаб|огранич)""",
    ),
    order(
        "German",
        "ignorier|missacht|vergiss|vergessen|beachte|antworte|positive|bist|erwahne|sind",
        r"""\b(?:ignorier(?:e|en sie)|missachten?(?: sie)?|vergiss|vergessen sie
        |beachten?(?: sie)? nicht)
        ~4(?:anweisung|anleitung|befehl|instruktion|vorgabe|prompt|regel|richtlinie)\w{0,4}\b
        |\bantworten?(?: sie)? (?:nur|ausschließlich|ausschliesslich|lediglich) mit\b
        |\b(?:gib|geben sie|schreibe?|schreiben sie)~3
        positive (?:bewertung(?:en)?|rezension|begutachtung|gutachten)\b
        |\b(?:ignorier(?:e|en sie)|vergiss|vergessen sie) alles\b
        |\b(?:du bist|sie sind) (?:jetzt|nun|ab sofort) (?:ein|eine|kein)\b
        |\berwahnen?(?: sie)? keine\b""",
    ),
    order(
        "French",
        "ignore|oubli|compte|repond|positive|favorable|maintenant|desormais|mentionne",
        r"""\b(?:ignore[sz]?|oublie[sz]?|ne (?:tiens|tenez) pas compte)~3
        (?:instructions?|consignes?|directives?|ordres?|regles?) (?:precedent|ci|anterieur|initial)
        |\b(?:ignore[sz]?|oublie[sz]?) tout ce qui (?:precede|est)\b
        |\brepond(?:s|ez) (?:uniquement|seulement) (?:par|avec)\b
        |\b(?:donne[sz]?|redige[sz]?|ecris|ecrivez)~3
        (?:evaluation|critique|avis|note) (?:positive|favorable|positif)\b
        |\b(?:tu es|vous etes) (?:maintenant|desormais) une?\b|\bne mentionne[sz]? (?:aucun|pas)""",
    ),
    order(
        "Spanish, Portuguese or Italian",
        "ignor|olvid|omiso|esquec|dimentic|resena|positiv|favorable|ahora|agora|responde|menciones"
        "|desconsider",
        r"""\b(?:ignora|ignore|ignorad|ignori|olvida|olvide|haz caso omiso|haga caso omiso
        |desconsidere|esqueca|dimentica|dimentichi)
        (?: (?:todo )?lo anterior| tudo o que|~4(?:instrucciones|indicaciones|ordenes|instrucoes
        |istruzioni|reglas|regras|comandos))\b
        |\bresponde (?:solo|unicamente|solamente|apenas) con\b
        |\b(?:da|de|escribe|escriba|proporciona|escreva)~3
        (?:resena|evaluacion|revision|avaliacao|critica) (?:positiva|favorable)\b
        |\b(?:ahora eres|agora voce e) una?\b|\bno menciones? (?:ningun|las|los)""",
    ),
    order(
        "Chinese, of the summary",
        "总结|摘要|總結",
        r"""(?:请|請|务必|必须)[^。!?！？]{0,6}(?:总结|摘要|總結)[^。!?！？]{0,4}
        (?:说|写|声明|强调|指出|提到|說|寫)""",
    ),
    order(
        "German, of the summary",
        "zusammenfassung",
        r"""\b(?:schreib|schreibe|schreiben sie|erwahne|erwahnen sie|sage|sagen sie)~1
        in (?:der|die|deiner|ihrer) zusammenfassung\b""",
    ),
    order(
        "Turkish or Vietnamese",
        "talimat|huong dan|chi dan|hướng dẫn|chỉ dẫn",
        r"""\b(?:onceki|tum|butun|önceki|tüm)~1(?:talimatlari|talimatları)~2
        (?:yok say|unut|gormezden gel|görmezden gel)
        |\b(?:bo qua|bỏ qua)~3(?:huong dan|chi dan|hướng dẫn|chỉ dẫn)\b""",
    ),
    order(
        "Arabic or Hindi",
        "تعليمات|निर्देश",
        r"""(?:تجاهل|انس)[^.!?؟]{0,20}التعليمات|निर्देशों[^.!?।]{0,20}(?:अनदेखा|नज़रअंदाज़)
        |(?:अनदेखा|नज़रअंदाज़)[^.!?।]{0,30}निर्देश""",
    ),
)
"""Every kind of order in another language than English."""
