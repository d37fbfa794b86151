//! The part of Tesseract's C interface (`tesseract/capi.h`) that reading takes.
//!
//! With the feature `late` the library is looked for when the first page needs it: with the fifty libraries that it stands
//! on it takes longer to load than most PDFs take to be read, and OpenMP obeys an environment that is set before that.
//! Without the feature it is linked, which is how tools that pack a program's libraries find it.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::{NonNull, null_mut};
use std::sync::LazyLock;

/// The library that versions 5.x share.
#[cfg(feature = "late")]
const NAME: &str = "libtesseract.so.5";

/// `OEM_LSTM_ONLY`: the networks alone, which is all that the models hold.
const LSTM_ONLY: c_int = 1;

/// `PSM_RAW_LINE`: Tesseract takes the picture for the line, without looking for one in it.
const RAW_LINE: c_int = 13;

macro_rules! interface {
    ($($name:ident: $symbol:ident($($argument:ty),*) $(-> $result:ty)?;)*) => {
        struct Interface {
            $($name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        #[cfg(feature = "late")]
        impl Interface {
            fn load() -> Result<Self, String> {
                // SAFETY: what the library runs when it is loaded is Tesseract's and what it stands on.
                let library = unsafe { libloading::Library::new(NAME) }.map_err(|e| e.to_string())?;
                // Never unloaded: threads may keep engines until the process ends.
                let library = Box::leak(Box::new(library));
                Ok(Self {
                    $(
                        // SAFETY: the types are those of `tesseract/capi.h`.
                        $name: *unsafe { library.get(concat!(stringify!($symbol), "\0").as_bytes()) }
                            .map_err(|e| e.to_string())?,
                    )*
                })
            }
        }

        #[cfg(not(feature = "late"))]
        impl Interface {
            fn load() -> Result<Self, String> {
                #[link(name = "tesseract")]
                unsafe extern "C" {
                    $(fn $symbol($(_: $argument),*) $(-> $result)?;)*
                }
                Ok(Self { $($name: $symbol,)* })
            }
        }
    };
}

interface! {
    version: TessVersion() -> *const c_char;
    create: TessBaseAPICreate() -> *mut c_void;
    delete: TessBaseAPIDelete(*mut c_void);
    init: TessBaseAPIInit2(*mut c_void, *const c_char, *const c_char, c_int) -> c_int;
    set_variable: TessBaseAPISetVariable(*mut c_void, *const c_char, *const c_char) -> c_int;
    set_page_seg_mode: TessBaseAPISetPageSegMode(*mut c_void, c_int);
    set_image: TessBaseAPISetImage(*mut c_void, *const u8, c_int, c_int, c_int, c_int);
    set_source_resolution: TessBaseAPISetSourceResolution(*mut c_void, c_int);
    recognize: TessBaseAPIRecognize(*mut c_void, *mut c_void) -> c_int;
    tsv_text: TessBaseAPIGetTsvText(*mut c_void, c_int) -> *mut c_char;
    delete_text: TessDeleteText(*const c_char);
}

static INTERFACE: LazyLock<Result<Interface, String>> = LazyLock::new(Interface::load);

fn interface() -> Result<&'static Interface, String> {
    INTERFACE.as_ref().map_err(Clone::clone)
}

/// The version of the library, such as "5.3.0".
///
/// # Errors
/// Why it could not be loaded.
pub(crate) fn version() -> Result<String, String> {
    let interface = interface()?;
    // SAFETY: takes nothing and returns a static NUL-terminated string.
    let version = unsafe { CStr::from_ptr((interface.version)()) };
    Ok(version.to_string_lossy().into_owned())
}

/// An open engine. It belongs to one thread at a time.
pub(super) struct Engine {
    interface: &'static Interface,
    handle: NonNull<c_void>,
}

impl Engine {
    /// Opens the model `name` in `folder`.
    pub(super) fn open(folder: &str, name: &str) -> Result<Self, String> {
        let interface = interface()?;
        // SAFETY: takes nothing; the handle is ours from here on.
        let handle = NonNull::new(unsafe { (interface.create)() }).ok_or("no memory")?;
        let engine = Self { interface, handle };
        let (folder, name) = (c_string(folder)?, c_string(name)?);
        // SAFETY: the handle is open, both strings live through the call.
        match unsafe { (interface.init)(handle.as_ptr(), folder.as_ptr(), name.as_ptr(), LSTM_ONLY) } {
            0 => Ok(engine),
            _ => Err("the engine failed to start".to_owned()),
        }
    }

    /// Sets one of Tesseract's variables.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let (name, value) = (c_string(name)?, c_string(value)?);
        // SAFETY: the handle is open, both strings live through the call.
        match unsafe { (self.interface.set_variable)(self.handle.as_ptr(), name.as_ptr(), value.as_ptr()) } {
            0 => Err(format!("it knows no variable {}", name.to_string_lossy())),
            _ => Ok(()),
        }
    }

    /// Reads the picture of a line, a byte a pixel and `width` bytes a row, of `dpi` pixels an inch, into Tesseract's
    /// tab-separated form.
    pub(super) fn read(
        &mut self,
        pixels: &[u8],
        width: u32,
        height: u32,
        dpi: i32,
    ) -> Result<String, String> {
        let side = |n: u32| c_int::try_from(n).map_err(|e| e.to_string());
        let (columns, rows) = (side(width)?, side(height)?);
        if u64::from(width) * u64::from(height) > pixels.len() as u64 {
            return Err("the picture lacks pixels".to_owned());
        }
        let (interface, handle) = (self.interface, self.handle.as_ptr());
        // SAFETY: the handle is open, and the pixels, which the engine copies, hold as many rows as it is told.
        let failed = unsafe {
            (interface.set_page_seg_mode)(handle, RAW_LINE);
            (interface.set_image)(handle, pixels.as_ptr(), columns, rows, 1, columns);
            (interface.set_source_resolution)(handle, dpi);
            (interface.recognize)(handle, null_mut())
        };
        if failed != 0 {
            return Err("the engine failed to read".to_owned());
        }
        // SAFETY: the handle is open and has read; the text is ours to give back.
        let text = unsafe { (interface.tsv_text)(handle, 0) };
        if text.is_null() {
            return Err("the engine gave no text".to_owned());
        }
        // SAFETY: a NUL-terminated string that the engine allocated for us, not used after it is given back.
        unsafe {
            let read = CStr::from_ptr(text).to_string_lossy().into_owned();
            (interface.delete_text)(text);
            Ok(read)
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: the handle is open and nobody else's.
        unsafe { (self.interface.delete)(self.handle.as_ptr()) }
    }
}

fn c_string(text: &str) -> Result<CString, String> {
    CString::new(text).map_err(|e| e.to_string())
}
