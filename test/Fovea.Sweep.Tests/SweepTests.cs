using Fovea.Graphs;
using Fovea.Models;
using Fovea.Models.Building;
using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Sweep.Tests;

/// <summary>Takes models of the catalogue through all that is done with one.</summary>
public class SweepTests
{
    private const int Classes = 5;

    /// <summary>Models from this many parameters on come one after another in the first of two processes, which takes a quarter of the others, too.</summary>
    private const long LargeParameters = 80_000_000;

    /// <summary>Those from here on come when nothing else runs.</summary>
    private const long HugeParameters = 200_000_000;

    /// <summary>Of memory at the most: weights, gradients and momenta, as they are and turned, trained, folded and read back.</summary>
    private const long BytesPerParameter = 42;

    /// <summary>What a model of the ordinary suite may weigh; heavier families wait for the sweep.</summary>
    private const long LightParameters = 8_000_000;

    /// <summary>In seconds since 1970.</summary>
    private static readonly long s_until = long.TryParse(Environment.GetEnvironmentVariable("SWEEP_UNTIL"), out var until) ? until : long.MaxValue;

    private static readonly Dictionary<string, long> s_parameters = ModelCatalog.All.ToDictionary(row => row.Name, Count);

    private static readonly ModelRow[] s_smallestOfFamilies = [.. ModelCatalog.All.GroupBy(row => row.Family).Select(family => family.MinBy(Parameters)!)];

    /// <summary>All but what is larger than an ONNX file can be, 2 GiB, and what takes more memory than there is.</summary>
    public static IEnumerable<TheoryDataRow<string>> All() => ModelCatalog.All.Where(Fits).Select(Test);

    /// <summary>Of each family the model with the fewest parameters, where it is light.</summary>
    public static IEnumerable<TheoryDataRow<string>> SmallestOfLightFamilies() => s_smallestOfFamilies.Where(IsLight).Select(Test);

    public static IEnumerable<TheoryDataRow<string>> SmallestOfHeavyFamilies() => s_smallestOfFamilies.Where(row => !IsLight(row)).Select(Test);

    public static IEnumerable<TheoryDataRow<string>> SmallestOfFamiliesThatNeedMoreThanAPixel() =>
        s_smallestOfFamilies.Where(row => row.SmallestImageSize(Grey(row)) > 1).Select(Test);

    [Theory]
    [MemberData(nameof(SmallestOfLightFamilies))]
    public void Smallest_of_a_light_family_trains_deploys_exports_and_reloads_on_grey_images(string name) =>
        Passes(Small(ModelCatalog.Find(name), channels: 1));

    [Theory]
    [MemberData(nameof(SmallestOfFamiliesThatNeedMoreThanAPixel))]
    public void Smallest_of_a_family_refuses_an_image_that_is_too_small_by_layer_and_smallest_size(string name)
    {
        var row = ModelCatalog.Find(name);
        var options = Grey(row);
        var smallest = row.SmallestImageSize(options);
        var message = Assert.Throws<ShapeException>(() => row.Build(options with { ImageSize = Math.Max(1, smallest - row.ImageSizeStep) })).Message;
        Assert.Matches($"^{name} at image size [0-9]+: .+ \\(.+\\): .+; the smallest size is {smallest}", message);
    }

    /// <summary>Runs only when asked for, as what follows: <c>./run.sh sweep</c>.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(SmallestOfHeavyFamilies))]
    public void Smallest_of_a_heavy_family_trains_deploys_exports_and_reloads_on_grey_images(string name) =>
        Passes(Small(ModelCatalog.Find(name), channels: 1));

    [Theory(Explicit = true)]
    [MemberData(nameof(All))]
    public void Model_trains_deploys_exports_and_reloads(string name)
    {
        var row = ModelCatalog.Find(name);
        Passes(Small(row, row.InputChannels));
    }

    private static void Passes(Subject subject)
    {
        Assert.SkipWhen(DateTimeOffset.UtcNow.ToUnixTimeSeconds() > s_until, "the time that SWEEP_UNTIL gives is over; ./run.sh sweep takes them all");
        var problems = Walk.Through(subject, TestContext.Current.TestOutputHelper!);
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    private static TheoryDataRow<string> Test(ModelRow row, int i)
    {
        var part = Parameters(row) switch
        {
            >= HugeParameters => "alone",
            >= LargeParameters => "0",
            _ => i % 4 == 0 ? "0" : "1",
        };
        return new TheoryDataRow<string>(row.Name).WithTrait("model", row.Name).WithTrait("family", row.Family).WithTrait("part", part);
    }

    private static bool Fits(ModelRow row)
    {
        var parameters = Parameters(row);
        var need = parameters * BytesPerParameter * (parameters < HugeParameters ? 2 : 1);   // another may take as much beside it
        return parameters * sizeof(float) <= int.MaxValue && need <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    private static ModelOptions Grey(ModelRow row) => Options(row) with { InputChannels = 1 };

    private static bool IsLight(ModelRow row) => Parameters(row) <= LightParameters;

    private static long Parameters(ModelRow row) => s_parameters[row.Name];

    private static long Count(ModelRow row) => row.Build(Options(row)).Variables
        .Where(value => value.Variable!.Kind == VariableKind.Parameter).Sum(value => value.Shape.Elements);

    private static ModelOptions Options(ModelRow row) => row.IsFreeForm
        ? new ModelOptions { Classes = Classes, NumBlocks = [1, 2, 1, 1], WidthMultiplier = [0.25, 0.25, 0.5, 0.5] }
        : new ModelOptions { Classes = Classes };

    /// <summary>
    /// A model on small images: a seventh of those it was designed for, 32 pixels of 224, or the smallest that it takes. Below a seventh most
    /// layers see a single pixel, and what is around the middle of their kernels never meets an image. Attention needs more than one place to
    /// look at: the size doubles until it has.
    /// </summary>
    private static Subject Small(ModelRow row, int channels)
    {
        var (steps, options) = ((row.ImageSize + (7 * row.ImageSizeStep) - 1) / (7 * row.ImageSizeStep), Options(row) with { InputChannels = channels });
        var size = steps * row.ImageSizeStep;
        if (!Fits(size)) size = row.SmallestImageSize(options);
        while (row.Build(options with { ImageSize = size }).Nodes.Any(node => node.Op is Softmax softmax && node.Result.Shape[softmax.Axis] == 1)) size *= 2;
        return new(row, options with { ImageSize = size });

        bool Fits(int tried)
        {
            try
            {
                row.Build(options with { ImageSize = tried });
                return true;
            }
            catch (ShapeException)
            {
                return false;
            }
        }
    }
}
