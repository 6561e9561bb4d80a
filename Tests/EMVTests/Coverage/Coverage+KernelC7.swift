extension Coverage {
    static let kernelC7 = Section(
        "Kernel C-7 (UnionPay quickPass)",
        [
            Group(
                "QuickKernelC7Tests", "The card's answer is taken or the application ends",
                QuickKernelC7Tests.initiation),
            Group("QuickKernelC7Tests", "Reader and card decide", QuickKernelC7Tests.decisions),
            Group("QuickKernelC7Tests", "The customer is verified", QuickKernelC7Tests.verification),
            Group(
                "QuickKernelC7Tests", "Small amounts need neither PIN nor signature", QuickKernelC7Tests.smallAmounts),
        ])
}
