using Fovea.Darknet.Cfg;
using Fovea.Naming;

namespace Fovea.Darknet;

/// <summary>What <c>[net]</c> says: of the input, of training, of augmentation (<c>parse_net_options</c>). Defaults are Darknet's.</summary>
public sealed record NetOptions
{
    /// <summary>Columns of an image; 0, the default, where <see cref="Inputs"/> alone are given.</summary>
    public int Width { get; init; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; init; }

    /// <summary>Channels of an image.</summary>
    public int Channels { get; init; }

    /// <summary>Numbers of an input. Default width · height · channels.</summary>
    public int Inputs { get; init; }

    /// <summary>Images of one update. Default 1.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>In how many parts the images of an update are computed. Default 1.</summary>
    public int Subdivisions { get; init; } = 1;

    /// <summary>Of recurrent networks. Default 1.</summary>
    public int TimeSteps { get; init; } = 1;

    /// <summary>Updates after which training ends; 0, the default, for never.</summary>
    public int MaxBatches { get; init; }

    /// <summary>The learning rate. Default 0.001.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>The least that cycles of <c>sgdr</c> come down to. Default 1e-5.</summary>
    public double LearningRateMin { get; init; } = 1e-5;

    /// <summary>The share of the last update that the next keeps. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay. Default 0.0001.</summary>
    public double Decay { get; init; } = 1e-4;

    /// <summary>How the rate changes. Default constant.</summary>
    public RatePolicy Policy { get; init; }

    /// <summary>Of <c>poly</c> and of burn-in, the exponent. Default 4.</summary>
    public double Power { get; init; } = 4;

    /// <summary>Updates in which the rate rises from 0. Default 0.</summary>
    public int BurnIn { get; init; }

    /// <summary>Of <c>step</c> and <c>sigmoid</c>, a number of updates. Default 1.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Of <c>step</c>, what the rate is multiplied with after as many. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Of <c>exp</c> and <c>sigmoid</c>. Default 1.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>Of <c>steps</c> and <c>sgdr</c>, after which updates something changes. Default none.</summary>
    public IReadOnlyList<RateStep> Steps { get; init; } = [];

    /// <summary>Of <c>sgdr</c>, updates of the first cycle. Default <see cref="MaxBatches"/>.</summary>
    public int SgdrCycle { get; init; }

    /// <summary>Of <c>sgdr</c>, by how much each cycle is longer than the one before. Default 2.</summary>
    public int SgdrMult { get; init; } = 2;

    /// <summary>Adam in place of momentum; null, the default, for none.</summary>
    public AdamOptions? Adam { get; init; }

    /// <summary>The most pixels of the shorter side when training cuts images. Default twice the width.</summary>
    public int MaxCrop { get; init; }

    /// <summary>The fewest. Default the width.</summary>
    public int MinCrop { get; init; }

    /// <summary>Whether half of the images are mirrored. Default true.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Images are turned by up to so many degrees. Default 0.</summary>
    public double Angle { get; init; }

    /// <summary>The largest factor between width and height. Default 1.</summary>
    public double Aspect { get; init; } = 1;

    /// <summary>The largest factor of saturation. Default 1.</summary>
    public double Saturation { get; init; } = 1;

    /// <summary>The largest factor of brightness. Default 1.</summary>
    public double Exposure { get; init; } = 1;

    /// <summary>By how much hues change at most, as a share of the circle. Default 0.</summary>
    public double Hue { get; init; }

    /// <summary>Pixels of a blur; 1 for a strong one, 0, the default, for none.</summary>
    public int Blur { get; init; }

    /// <summary>The deviation of noise, of 255. Default 0.</summary>
    public int GaussianNoise { get; init; }

    /// <summary>How images are mixed: 1 half and half, 2 by boxes, 3 as four in one, 4 as 2 or 3 (<c>mixup</c>); 0, the default, not.</summary>
    public int Mixup { get; init; }

    /// <summary>Whether a part of an image comes from another (<c>cutmix</c>); with <see cref="Mosaic"/> one or the other.</summary>
    public bool CutMix { get; init; }

    /// <summary>Whether four images make one (<c>mosaic</c>).</summary>
    public bool Mosaic { get; init; }

    /// <summary>Whether the parts of a mosaic stay within bounds.</summary>
    public bool MosaicBound { get; init; }

    /// <summary>Whether detectors keep the proportions of images.</summary>
    public bool LetterBox { get; init; }

    /// <summary>What is taken from the right class and given to the others. Default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The share of the old average of weights that the next keeps; 0, the default, for no average.</summary>
    public double EmaAlpha { get; init; }

    /// <summary>What the loss is multiplied with in half precision. Default 1.</summary>
    public double LossScale { get; init; } = 1;

    /// <summary>Keys that are read but say nothing to a classifier here: of detectors, GPUs and memory. By key.</summary>
    public IReadOnlyDictionary<string, double> Others { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Images that are computed at a time: <see cref="Batch"/> / <see cref="Subdivisions"/>, at least 1.</summary>
    public int MiniBatch => Math.Max(Batch / Subdivisions, 1);

    private static readonly string[] s_others =
    [
        "track", "augment_speed", "sequential_subdivisions", "try_fix_nan", "weights_reject_freq", "equidistant_point", "badlabels_rejection_percentage",
        "num_sigmas_reject_badlabels", "use_cuda_graph", "dynamic_minibatch", "optimized_memory", "workspace_size_limit_MB", "contrastive",
        "contrastive_jit_flip", "contrastive_color", "unsupervised", "resize_step", "attention", "adversarial_lr", "max_chart_loss", "show_receptive_field",
    ];

    /// <summary>Reads the section.</summary>
    /// <exception cref="Formats.ModelFormatException">A value does not do.</exception>
    internal static NetOptions Read(CfgOptions options)
    {
        var net = Input(options);
        var policy = PolicyOf(options);
        var maxBatches = options.Integer("max_batches", 0, 0);
        net = net with
        {
            Batch = options.Integer("batch", 1, 1, 1 << 20),
            Subdivisions = options.Integer("subdivisions", 1, 1, 1 << 20),
            TimeSteps = options.Integer("time_steps", 1, 1, 1 << 20),
            MaxBatches = maxBatches,
            LearningRate = options.Real("learning_rate", 0.001),
            LearningRateMin = options.Real("learning_rate_min", 1e-5),
            Momentum = options.Real("momentum", 0.9),
            Decay = options.Real("decay", 1e-4),
            Policy = policy,
            Power = options.Real("power", 4),
            BurnIn = options.Integer("burn_in", 0, 0),
            Step = options.Integer("step", 1),
            Scale = options.Real("scale", 1),
            Gamma = options.Real("gamma", 1),
            Steps = StepsOf(options, policy),
            SgdrCycle = options.Integer("sgdr_cycle", maxBatches),
            SgdrMult = options.Integer("sgdr_mult", 2),
            Adam = AdamOptions.Read(options),
        };
        return Augmentation(options, net) with { Others = s_others.Where(options.Has).ToDictionary(key => key, key => options.Real(key, 0), StringComparer.Ordinal) };
    }

    private static NetOptions Input(CfgOptions options)
    {
        int Side(string key, int most) => options.Integer(key, 0, 0, most);
        var (width, height, channels) = (Side("width", 1 << 14), Side("height", 1 << 14), Side("channels", 1 << 16));
        var elements = (long)width * height * channels;
        if (elements > 1 << 29) throw options.Wrong("width", $"{width}, height {height} and channels {channels} are too many; wanted at most {1 << 29} numbers");
        var inputs = options.Integer("inputs", (int)elements, 0, 1 << 29);
        if (inputs == 0) throw options.Wrong("has no input; wanted width, height and channels, or inputs");
        if (elements > 0 && inputs != elements)
            throw options.Wrong("inputs", $"is {inputs}; width, height and channels make {elements}; wanted the same, or one of the two");
        return new() { Width = width, Height = height, Channels = channels, Inputs = inputs };
    }

    private static NetOptions Augmentation(CfgOptions options, NetOptions net) => net with
    {
        MaxCrop = options.Integer("max_crop", 2 * net.Width, 0),
        MinCrop = options.Integer("min_crop", net.Width, 0),
        Flip = options.Integer("flip", 1) != 0,
        Angle = options.Real("angle", 0),
        Aspect = options.Real("aspect", 1),
        Saturation = options.Real("saturation", 1),
        Exposure = options.Real("exposure", 1),
        Hue = options.Real("hue", 0),
        Blur = options.Integer("blur", 0),
        GaussianNoise = options.Integer("gaussian_noise", 0),
        Mixup = options.Integer("mixup", 0),
        CutMix = options.Flag("cutmix"),
        Mosaic = options.Flag("mosaic"),
        MosaicBound = options.Flag("mosaic_bound"),
        LetterBox = options.Flag("letter_box"),
        LabelSmoothing = options.Real("label_smooth_eps", 0),
        EmaAlpha = options.Real("ema_alpha", 0),
        LossScale = options.Real("loss_scale", 1),
    };

    private static RatePolicy PolicyOf(CfgOptions options)
    {
        var word = options.Word("policy", "constant");
        string[] names = [.. Enum.GetNames<RatePolicy>().Select(name => name.ToLowerInvariant())];
        return Array.IndexOf(names, word) is >= 0 and var at
            ? Enum.GetValues<RatePolicy>()[at]
            : throw options.Wrong("policy", $"is '{Printable.Short(word, 40)}'; wanted {string.Join(", ", names)}{NearestName.Hint(word, names)}");
    }

    private static IReadOnlyList<RateStep> StepsOf(CfgOptions options, RatePolicy policy)
    {
        var (steps, scales, lengths) = (options.Integers("steps") ?? [], options.Reals("scales") ?? [], options.Reals("seq_scales") ?? []);
        if (policy == RatePolicy.Steps && (steps.Count == 0 || scales.Count == 0)) throw options.Wrong("policy", "is steps; wanted steps and scales beside it");
        return [.. steps.Select((step, i) => new RateStep(step, i < scales.Count ? scales[i] : 1, i < lengths.Count ? lengths[i] : 1))];
    }
}
