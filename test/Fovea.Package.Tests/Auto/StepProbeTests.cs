using Fovea.Auto;
using Fovea.Data.Sets;
using Fovea.Package.Tests.Runs;
using Fovea.Recipes;
using Fovea.Runs;
using Fovea.Training.Batches;

namespace Fovea.Package.Tests.Auto;

public sealed class StepProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Steps_of_a_frozen_net_are_measured_with_the_net_whose_features_a_run_may_keep()
    {
        var recipe = RecipeReader.Parse(TinyImages.Recipe + "freeze: {names: [backbone]}\naugment: {transforms: [], mixing: []}\n", "frozen.yaml");
        using var setup = TrainingSetup.Open(recipe, DataSet.Find(TinyImages.Make(_folder)));
        Assert.NotNull(setup.Options.Train.FixedAt(0));
        var images = new SeenBatches(setup.Options.Train);
        Assert.True(StepProbe.SecondsPerImage(setup.Options with { Train = images }, TimeSpan.FromSeconds(0.2), TestContext.Current.CancellationToken) > 0);
        Assert.InRange(images.Seen, 5, int.MaxValue);
    }

    /// <summary>Counts the batches of images that are taken.</summary>
    private sealed class SeenBatches(IBatchSource batches) : IBatchSource
    {
        internal int Seen { get; private set; }

        public int Samples => batches.Samples;

        public int BatchSize => batches.BatchSize;

        public int Batches => batches.Batches;

        public IReadOnlyList<string> BadImages => batches.BadImages;

        public int ImageSizeAt(int epoch) => batches.ImageSizeAt(epoch);

        public IFixedImages? FixedAt(int epoch) => batches.FixedAt(epoch);

        public IEnumerable<Batch> Epoch(int epoch, int first = 0, CancellationToken stop = default)
        {
            foreach (var batch in batches.Epoch(epoch, first, stop))
            {
                Seen++;
                yield return batch;
            }
        }
    }
}
