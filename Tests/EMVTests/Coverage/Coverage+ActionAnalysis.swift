extension Coverage {
    static let actionAnalysis = Section(
        "Action analysis",
        [
            Group("ActionAnalysisTests", "Action codes decide what is asked for", ActionAnalysisTests.analysis),
            Group(
                "ActionAnalysisTests", "The card's answer to the first GENERATE AC", ActionAnalysisTests.cardDecisions),
        ])
}
