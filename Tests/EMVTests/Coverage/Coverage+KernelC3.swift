extension Coverage {
    static let kernelC3 = Section(
        "Kernel C-3 (Visa style)",
        [
            Group("QuickKernelC3Tests", "A tap of a Visa card ends as the book says", QuickKernelC3Tests.cases)
        ])
}
