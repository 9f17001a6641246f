using Fovea.Data.Decoding;
using Fovea.Data.Sources;

namespace Fovea.Data.Tests.Sources;

public class HeaderSampleTests
{
    [Fact]
    public void Some_headers_evenly_from_all_say_what_many_images_are()
    {
        var images = new Counted(50_000, i => i < 25_001 ? 40 : 90, grey: false);
        Assert.Equal(new HeaderSample(2_000, 40, IsGrey: false), HeaderSample.Of(images, 2_000, TestContext.Current.CancellationToken));
        Assert.Equal(2_000, images.Read);
        Assert.True(images.Last > 49_900);
    }

    [Fact]
    public void Few_images_are_all_looked_at_and_those_that_cannot_be_read_are_left_out()
    {
        var images = new Counted(5, i => i == 0 ? 0 : 10 * i, grey: true);
        Assert.Equal(new HeaderSample(5, 30, IsGrey: true), HeaderSample.Of(images, 2_000, TestContext.Current.CancellationToken));
        Assert.Equal(
            new HeaderSample(3, null, IsGrey: false), HeaderSample.Of(new Counted(3, _ => 0, grey: true), 2_000, TestContext.Current.CancellationToken));
    }

    /// <summary>Images of given shorter sides, whose headers are counted; of the side 0 there is none.</summary>
    private sealed class Counted(int count, Func<int, int> side, bool grey) : IImageSource
    {
        private int _read;
        private int _last;

        public int Read => _read;

        public int Last => _last;

        public int Count => count;

        public IReadOnlyList<string> ClassNames => ["a"];

        public int Label(int index) => 0;

        public string Key(int index) => $"{index}";

        public string Path(int index) => $"{index}";

        void IImageSource.Read(int index, ByteBuffer buffer) => throw new NotSupportedException("only headers are read");

        public ImageHeader ReadHeader(int index)
        {
            Interlocked.Increment(ref _read);
            int last;
            while ((last = _last) < index && Interlocked.CompareExchange(ref _last, index, last) != last)
            {
            }

            return side(index) is > 0 and var shorter
                ? new(ImageFormat.Png, 2 * shorter, shorter, grey ? 1 : 3, 8)
                : throw new ImageException(Path(index), "is empty", "an image");
        }
    }
}
