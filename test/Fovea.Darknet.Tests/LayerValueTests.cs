namespace Fovea.Darknet.Tests;

/// <summary>What layers compute, beside loops as Darknet's C has them. The input is 4 channels of 5 rows and 6 columns.</summary>
[Trait("row", "S4-03")]
public class LayerValueTests
{
    private const int C = 4;
    private const int H = 5;
    private const int W = 6;

    private static double X(int c, int y, int x) => y is >= 0 and < H && x is >= 0 and < W ? (float)Nets.Number("input", (((c * H) + y) * W) + x) : 0;

    private static double[] Run(string layers)
    {
        var network = Nets.Of(layers, C, W, H);
        return Nets.Run(network, network.Layers.Count - 1);
    }

    private static double[] Image(int channels, int height, int width, Func<int, int, int, double> pixel) =>
        [.. from c in Enumerable.Range(0, channels) from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) select pixel(c, y, x)];

    private static double W0(int index) => Nets.Weight("0.weights", index);

    [Fact]
    public void Convolution_with_groups_and_two_strides() => Nets.Near(
        Image(6, 3, 2, (f, y, x) =>
        {
            var sum = Nets.Weight("0.biases", f);
            for (var c = 0; c < 2; c++)
                for (var r = 0; r < 3; r++)
                    for (var s = 0; s < 3; s++) sum += W0((((f * 2) + c) * 9) + (r * 3) + s) * X((f / 3 * 2) + c, (2 * y) + r - 1, (3 * x) + s - 1);
            return sum > 0 ? sum : 0.1 * sum;
        }),
        Run("[conv]\nfilters=6\ngroups=2\nsize=3\nstride_x=3\nstride_y=2\npad=1\nactivation=leaky"));

    [Fact]
    public void Convolution_with_a_norm() => Nets.Near(
        Image(2, H, W, (f, y, x) =>
        {
            double Of(string field) => Nets.Weight($"0.{field}", f);
            var sum = Enumerable.Range(0, C).Sum(c => W0((f * C) + c) * X(c, y, x));
            return (Of("scales") * (sum - Of("rolling_mean")) / Math.Sqrt(Of("rolling_variance") + 1e-5)) + Of("biases");
        }),
        Run("[conv]\nbatch_normalize=1\nfilters=2\nactivation=linear"));

    [Fact]
    public void Xnor_convolution_multiplies_signs_and_pads_with_minus_one() => Nets.Near(
        Image(2, H, W, (f, y, x) =>
        {
            var (mean, sum) = (Enumerable.Range(0, C * 9).Average(i => Math.Abs(W0((f * C * 9) + i))), Nets.Weight("0.biases", f));
            for (var c = 0; c < C; c++)
                for (var tap = 0; tap < 9; tap++)
                    sum += (W0((((f * C) + c) * 9) + tap) > 0 ? mean : -mean) * (X(c, y + (tap / 3) - 1, x + (tap % 3) - 1) > 0 ? 1 : -1);
            return sum;
        }),
        Run("[conv]\nxnor=1\nfilters=2\nsize=3\npad=1\nactivation=linear"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Antialiasing_blurs_and_then_has_the_stride(int antialiasing)
    {
        var linear = Run("[conv]\nfilters=2\nactivation=linear");
        double At(int c, int y, int x) => y is >= 0 and < H && x is >= 0 and < W ? linear[(((c * H) + y) * W) + x] : 0;
        var blurred = antialiasing == 1
            ? Image(2, 3, 3, (c, y, x) => Enumerable.Range(0, 9).Sum(i => At(c, (2 * y) + (i / 3) - 1, (2 * x) + (i % 3) - 1) * (i / 3 == 1 ? 2 : 1) * (i % 3 == 1 ? 2 : 1) / 16))
            : Image(2, 2, 3, (c, y, x) => Enumerable.Range(0, 4).Average(i => At(c, (2 * y) + (i / 2), (2 * x) + (i % 2))));
        Nets.Near(blurred, Run($"[conv]\nfilters=2\nstride=2\nactivation=linear\nantialiasing={antialiasing}"));
    }

    [Fact]
    public void Shared_weights_are_those_of_the_other_layer()
    {
        var network = Nets.Of("[conv]\nfilters=4\nactivation=linear\n[conv]\nfilters=4\nactivation=linear\nshare_index=-1", C, W, H);
        Assert.Equal(["0.biases", "0.weights"], network.Tensors.Select(tensor => tensor.Name));
        var once = Nets.Run(network, 0);
        Nets.Near(
            Image(4, H, W, (f, y, x) => Nets.Weight("0.biases", f) + Enumerable.Range(0, 4).Sum(c => W0((f * 4) + c) * once[(((c * H) + y) * W) + x])), Nets.Run(network, 1));
    }

    [Fact]
    public void Route_takes_the_same_part_of_each_layer() => Nets.Near(
        Image(4, H, W, (c, y, x) => c < 2 ? X(c + 2, y, x) : 2 * Math.Max(X(c, y, x), 0)),
        Run("[activation]\n[activation]\nactivation=relu\n[upsample]\nstride=1\nscale=2\n[route]\nlayers=0,-1\ngroups=2\ngroup_id=1"));

    [Fact]
    public void Shortcut_adds_the_channels_that_both_have()
    {
        const string Both = "[activation]\n[conv]\nfilters=2\nactivation=linear\n";
        var (more, fewer) = (Nets.Of($"{Both}[route]\nlayers=0\n[shortcut]\nfrom=1\nactivation=linear", C, W, H), Nets.Of($"{Both}[shortcut]\nfrom=0\nactivation=linear", C, W, H));
        var two = Nets.Run(more, 1);
        Nets.Near(Image(C, H, W, (c, y, x) => X(c, y, x) + (c < 2 ? two[(((c * H) + y) * W) + x] : 0)), Nets.Run(more, 3));
        Nets.Near(Image(2, H, W, (c, y, x) => X(c, y, x) + two[(((c * H) + y) * W) + x]), Nets.Run(fewer, 2));
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("per_feature", "relu")]
    [InlineData("per_channel", "softmax")]
    [InlineData("per_channel", "none")]
    public void Shortcut_weighs_its_terms(string type, string normalisation)
    {
        const string Layers = "[activation]\n[activation]\nactivation=relu\n[activation]\nactivation=tanh\n";
        var sums = Image(C, H, W, (c, y, x) =>
        {
            double[] terms = [Math.Tanh(Math.Max(X(c, y, x), 0)), X(c, y, x), Math.Max(X(c, y, x), 0)];
            double[] weights = [.. Enumerable.Range(0, 3).Select(i => type == "none" ? 1 : Nets.Weight("3.weights", type == "per_feature" ? i : (i * C) + c))];
            double[] shares = [.. weights.Select(w => normalisation == "relu" ? Math.Max(w, 0) : normalisation == "softmax" ? Math.Exp(w - weights.Max()) : w)];
            var whole = normalisation == "none" ? 1 : shares.Sum() + 1e-4;
            return terms.Zip(shares, (term, share) => term * share / whole).Sum();
        });
        Nets.Near(sums, Run($"{Layers}[shortcut]\nfrom=0,1\nactivation=linear\nweights_type={type}\nweights_normalization={normalisation}"));
    }

    [Fact]
    public void Shortcut_between_sizes_takes_every_other_pixel_or_spreads_them()
    {
        const string Pooled = "[activation]\n[maxpool]\nsize=2\nstride=2\npadding=0\n";
        var (smaller, larger) = (Nets.Of($"{Pooled}[shortcut]\nfrom=0\nactivation=linear", C, 8, 4), Nets.Of($"{Pooled}[route]\nlayers=0\n[shortcut]\nfrom=1\nactivation=linear", C, 8, 4));
        var (whole, pooled) = (Nets.Run(smaller, 0), Nets.Run(smaller, 1));
        double Whole(int c, int y, int x) => whole[(((c * 4) + y) * 8) + x];
        double Small(int c, int y, int x) => pooled[(((c * 2) + y) * 4) + x];
        Nets.Near(Image(C, 2, 4, (c, y, x) => Small(c, y, x) + Whole(c, 2 * y, 2 * x)), Nets.Run(smaller, 2));
        Nets.Near(Image(C, 4, 8, (c, y, x) => Whole(c, y, x) + (y % 2 == 0 && x % 2 == 0 ? Small(c, y / 2, x / 2) : 0)), Nets.Run(larger, 3));
    }

    [Fact]
    public void Scale_channels_multiplies_channels_and_sam_numbers()
    {
        double Mean(int c) => Image(1, H, W, (_, y, x) => X(c, y, x)).Average();
        Nets.Near(Image(C, H, W, (c, y, x) => X(c, y, x) * Mean(c)), Run("[activation]\n[avg]\n[scale_channels]\nfrom=0"));
        Nets.Near(Image(C, H, W, (c, y, x) => X(c, y, x) * Math.Tanh(X(c, y, x))), Run("[activation]\n[activation]\nactivation=tanh\n[sam]\nfrom=0"));
        Nets.Near(
            Image(C, H, W, (c, y, x) => X(c, y, x) * X(3, y, x)),
            Run("[activation]\n[route]\nlayers=0\ngroups=4\ngroup_id=3\n[scale_channels]\nfrom=0\nscale_wh=1"));
    }

    [Theory]
    [InlineData(3, 2, 1, 2)]
    [InlineData(2, 2, 2, 1)]
    [InlineData(3, 3, 2, 0)]
    public void Pooling_begins_half_of_the_padding_before_the_image(int size, int strideX, int strideY, int padding)
    {
        var (height, width) = (((H + padding - size) / strideY) + 1, ((W + padding - size) / strideX) + 1);
        double[] Seen(int c, int y, int x) =>
        [
            .. from r in Enumerable.Range((y * strideY) - (padding / 2), size) from s in Enumerable.Range((x * strideX) - (padding / 2), size)
               where r is >= 0 and < H && s is >= 0 and < W select X(c, r, s),
        ];
        var keys = $"size={size}\nstride={strideX}\nstride_y={strideY}\npadding={padding}";
        Nets.Near(Image(C, height, width, (c, y, x) => Seen(c, y, x).Max()), Run($"[maxpool]\n{keys}"));
        Nets.Near(Image(C, height, width, (c, y, x) => Seen(c, y, x).Average()), Run($"[local_avgpool]\n{keys}"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Maxpool_of_channels_takes_every_so_many(int channels) => Nets.Near(
        Image(channels, H, W, (g, y, x) => Enumerable.Range(0, C).Where(c => c % channels == g).Max(c => X(c, y, x))),
        Run($"[maxpool]\nmaxpool_depth=1\nout_channels={channels}"));

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Normalisation_adds_up_as_Darknet_does(int size)
    {
        var norms = Image(C, H, W, (_, _, _) => 0);
        for (var place = 0; place < H * W; place++)
        {
            double Square(int c) => Math.Pow(X(c, place / W, place % W), 2);
            var sum = Enumerable.Range(0, size / 2).Sum(Square);
            for (var c = 0; c < C; c++)
            {
                var (before, after) = (c - ((size - 1) / 2) - 1, c + (size / 2));
                if (c > 0) sum += (after < C ? Square(after) : 0) - (before >= 0 ? Square(before) : 0);
                norms[(c * H * W) + place] = 1 + (0.5 * sum);
            }
        }

        Nets.Near(Image(C, H, W, (c, y, x) => X(c, y, x) * Math.Pow(norms[(((c * H) + y) * W) + x], -0.75)), Run($"[lrn]\nalpha=.5\nsize={size}"));
    }

    [Fact]
    public void Local_has_weights_for_each_place() => Nets.Near(
        Image(2, 2, 2, (f, y, x) =>
        {
            var (place, sum) = ((y * 2) + x, Nets.Weight("0.biases", (((f * 2) + y) * 2) + x));
            for (var k = 0; k < C * 9; k++) sum += W0((((place * 2) + f) * C * 9) + k) * X(k / 9, (2 * y) + (k / 3 % 3), (2 * x) + (k % 3));
            return sum;
        }),
        Run("[local]\nfilters=2\nsize=3\nstride=2\nactivation=linear"));

    [Fact]
    public void Connected_reads_all_numbers_in_order() => Nets.Near(
        [.. Enumerable.Range(0, 3).Select(f => Nets.Weight("0.biases", f) + Enumerable.Range(0, C * H * W).Sum(i => W0((f * C * H * W) + i) * (float)Nets.Number("input", i)))],
        Run("[connected]\noutput=3\nactivation=linear"));

    [Fact]
    public void Crop_takes_the_middle_and_doubles() => Nets.Near(
        Image(C, 2, 3, (c, y, x) => (2 * X(c, y + 1, x + 1)) - 1), Run("[crop]\ncrop_height=2\ncrop_width=3"));

    [Fact]
    public void Upsample_repeats_and_downsample_adds()
    {
        Nets.Near(Image(C, 2 * H, 2 * W, (c, y, x) => 3 * X(c, y / 2, x / 2)), Run("[upsample]\nstride=2\nscale=3"));
        Nets.Near(
            Image(C, 2, 3, (c, y, x) => Enumerable.Range(0, 4).Sum(i => X(c, (2 * y) + (i / 2), (2 * x) + (i % 2)))),
            Run("[crop]\ncrop_height=4\ncrop_width=6\nnoadjust=1\n[upsample]\nstride=-2"));
    }

    [Theory]
    [InlineData("reorg", 0)]
    [InlineData("reorg", 1)]
    [InlineData("reorg3d", 0)]
    public void Reorg_moves_numbers_as_Darknet_does(string kind, int reverse)
    {
        const int Side = 4;
        const int S = 2;
        var x = Nets.Numbers("input", 16L * Side * Side);
        var (w, h, c) = kind == "reorg" ? (Side, Side, 16) : (Side / S, Side / S, 16 * S * S);
        var made = new double[x.Length];
        for (var k = 0; k < c; k++)
            for (var j = 0; j < h; j++)
                for (var i = 0; i < w; i++)
                {
                    var (inner, offset) = (k % (c / (S * S)), k / (c / (S * S)));
                    var (small, large) = (i + (w * (j + (h * k))), (i * S) + (offset % S) + (w * S * ((j * S) + (offset / S) + (h * S * inner))));
                    if (reverse == 1) made[large] = x[small];
                    else made[small] = x[large];
                }

        Nets.Near(made, Nets.Run(Nets.Of($"[{kind}]\nstride={S}\nreverse={reverse}", 16, Side, Side), 0));
    }

    [Fact]
    public void Reorg3d_reversed_moves_numbers_as_Darknet_does()
    {
        const int Side = 2;
        const int S = 2;
        var x = Nets.Numbers("input", 16L * Side * Side);
        var (w, h, c, made) = (Side * S, Side * S, 16 / (S * S), new double[x.Length]);
        for (var k = 0; k < c; k++)
            for (var j = 0; j < h; j++)
                for (var i = 0; i < w; i++)
                {
                    var (inner, offset) = (k % (c / (S * S)), k / (c / (S * S)));
                    made[(i * S) + (offset % S) + (w * S * ((j * S) + (offset / S) + (h * S * inner)))] = x[i + (w * (j + (h * k)))];
                }

        Nets.Near(made, Nets.Run(Nets.Of($"[reorg3d]\nstride={S}\nreverse=1", 16, Side, Side), 0));
    }

    [Fact]
    public void Softmax_has_groups_and_a_temperature()
    {
        var logits = Run("[avg]");
        double E(int i) => Math.Exp(logits[i] / 2);
        Nets.Near([E(0) / (E(0) + E(1)), E(1) / (E(0) + E(1)), E(2) / (E(2) + E(3)), E(3) / (E(2) + E(3))], Run("[avg]\n[softmax]\ngroups=2\ntemperature=2"));
    }

    [Fact]
    public void Implicit_numbers_are_the_same_for_every_image() =>
        Nets.Near([.. Enumerable.Range(0, 6).Select(W0)], Run("[implicit]\nfilters=3\natoms=2"));

    [Fact]
    public void Batchnorm_stands_alone_and_cost_and_empty_pass_on() => Nets.Near(
        Image(C, H, W, (c, y, x) =>
        {
            double Of(string field) => Nets.Weight($"0.{field}", c);
            return (Of("scales") * (X(c, y, x) - Of("rolling_mean")) / Math.Sqrt(Of("rolling_variance") + 1e-5)) + Of("biases");
        }),
        Run("[batchnorm]\n[empty]\n[dropout]\n[cost]"));
}
