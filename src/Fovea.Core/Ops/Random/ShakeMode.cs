namespace Fovea.Ops;

/// <summary>Which passes of <see cref="ShakeShake"/> draw weights; a pass that does not weighs both branches by ½.</summary>
[Flags]
public enum ShakeMode
{
    /// <summary>None: the mean of both branches. In the paper Even-Even.</summary>
    None = 0,

    /// <summary>The forward pass. In the paper Shake-Even.</summary>
    Forward = 1,

    /// <summary>The backward pass. In the paper Even-Shake.</summary>
    Backward = 2,

    /// <summary>Both, each by itself. In the paper Shake-Shake.</summary>
    Both = Forward | Backward,
}
