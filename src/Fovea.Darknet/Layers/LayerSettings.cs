using Fovea.Darknet.Cfg;

namespace Fovea.Darknet.Layers;

/// <summary>What every section may say of training and loading (<c>parse_network_cfg_custom</c>).</summary>
public sealed record LayerSettings
{
    /// <summary>Gradients are cut to ± this; 0, the default, for no bound.</summary>
    public double Clip { get; init; }

    /// <summary>Whether no gradient passes.</summary>
    public bool OnlyForward { get; init; }

    /// <summary>Whether the weights stay as they are.</summary>
    public bool DontUpdate { get; init; }

    /// <summary>Whether the weights change during burn-in, though they do not otherwise (1), or change from the end of burn-in on (2). Default 0.</summary>
    public int BurnInUpdate { get; init; }

    /// <summary>Whether the layers before stay as they are (1), until half of the batches are over (above 1). Default 0.</summary>
    public int StopBackward { get; init; }

    /// <summary>Whether of this layer and all before only norms are trained.</summary>
    public bool TrainOnlyNorms { get; init; }

    /// <summary>Whether a file of weights has nothing of this layer.</summary>
    public bool DontLoad { get; init; }

    /// <summary>Whether a file of weights has no scales and statistics of its norm.</summary>
    public bool DontLoadScales { get; init; }

    /// <summary>What the learning rate is multiplied with. Default 1.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>Reads them from a section.</summary>
    internal static LayerSettings Of(CfgOptions options) => new()
    {
        Clip = options.Real("clip", 0),
        OnlyForward = options.Flag("onlyforward"),
        DontUpdate = options.Flag("dont_update"),
        BurnInUpdate = options.Integer("burnin_update", 0),
        StopBackward = options.Integer("stopbackward", 0),
        TrainOnlyNorms = options.Flag("train_only_bn"),
        DontLoad = options.Flag("dontload"),
        DontLoadScales = options.Flag("dontloadscales"),
        LearningRate = options.Real("learning_rate", 1),
    };
}
